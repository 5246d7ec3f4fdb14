/** Where the names and paths of a container are on this machine. */
export interface Places {
  /** The address that stands for 0.0.0.0, which all of them would listen on. */
  readonly own: string;
  readonly addresses: ReadonlyMap<string, string>;
  /** By the path in the container. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Of names and paths, which have no other characters that an expression reads. */
const escaped = (text: string) => text.replaceAll('.', '\\.');

/** A configuration, or a variable, with addresses for host names before a port, and paths of here for those of its mounts. */
export function placed(text: string, { own, addresses, paths }: Places): string {
  const names = [...addresses.keys()].map(escaped).join('|');
  const mounts = [...paths.keys()]
    .sort((one, other) => other.length - one.length)
    .map(escaped)
    .join('|');
  const withAddresses = text
    .replaceAll('0.0.0.0', own)
    .replace(new RegExp(`(?<![\\w.-])(?:${names})(?=:\\d)`, 'g'), (name) => addresses.get(name) as string);
  return mounts === ''
    ? withAddresses
    : withAddresses.replace(
        // A default begins with :-
        new RegExp(`(?<![\\w/.]|[^:]-)(?:${mounts})(?![\\w-])`, 'g'),
        (path) => paths.get(path) as string,
      );
}

/** The same of a command's arguments, which may have an address of the container itself. */
export const placedArguments = (args: readonly string[], places: Places): readonly string[] =>
  args.map((argument) => placed(argument.replaceAll('127.0.0.1', places.own), places));
