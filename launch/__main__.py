import sys

from launch.errors import LaunchError
from launch.run import run

USAGE = "python -m launch run -- COMMAND …"


def main(words: list[str]) -> int:
    try:
        match words:
            case ["run", "--", *command] if command:
                return run(command)
            case _:
                print(USAGE, file=sys.stderr)
                return 2
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
