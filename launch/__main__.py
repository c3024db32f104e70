import sys

from launch.demo import demo
from launch.errors import LaunchError
from launch.run import run

USAGE = """\
python -m launch demo                the whole house with synthetic data, until Ctrl-C
python -m launch run -- COMMAND …    COMMAND with a PostgreSQL and a Valkey of its own"""
INTERRUPTED = 130


def main(words: list[str]) -> int:
    try:
        match words:
            case ["demo"]:
                return demo()
            case ["run", "--", *command] if command:
                return run(command)
            case _:
                print(USAGE, file=sys.stderr)
                return 2
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
