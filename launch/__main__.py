import sys

from launch import browser, checks, secret_files
from launch.demo import demo
from launch.errors import LaunchError
from launch.run import run
from launch.services import VAR

USAGE = """\
python -m launch demo                the whole house with synthetic data, until Ctrl-C
python -m launch run -- COMMAND …    COMMAND with a PostgreSQL and a Valkey of its own
python -m launch run --durable …     the same on one that waits for the disk, to measure
python -m launch check               secrets and index addresses in tracked files, a stale lock
python -m launch browser             whether the browser tests can run
python -m launch secrets             the secrets of docker-compose.yml, in var/secrets"""
INTERRUPTED = 130


def main(words: list[str]) -> int:
    try:
        return _obey(words)
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _obey(words: list[str]) -> int:
    match words:
        case ["demo"]:
            return demo()
        case ["check"]:
            return checks.check()
        case ["browser"]:
            return browser.report()
        case ["secrets"]:
            return secret_files.write(VAR / "secrets")
        case ["run", "--" | "--durable" as how, *command] if command:
            return run(command, durable=how == "--durable")
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
