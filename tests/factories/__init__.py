from tests.factories.accounts import PASSWORD, OfficeFactory, UserFactory, member, mission_of

__all__ = ["PASSWORD", "OfficeFactory", "UserFactory", "member", "mission_of"]
