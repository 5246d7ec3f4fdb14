/** How one engine starts a component: its arguments without the program, and its environment. */
export interface Started {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface Difference {
  readonly service: string;
  /** Name of a flag or of a variable. */
  readonly name: string;
  /** Undefined where this engine does not set it. */
  readonly one: string | undefined;
  readonly other: string | undefined;
  /** Where something is or listens, on the network or in files; nothing else may differ. */
  readonly isAddress: boolean;
}

const ABSENT = undefined;

/** Variables that hold addresses, ports, files and folders, by their names. */
const ADDRESS_VARIABLE =
  /(^|_)(HOSTS?|NETWORK|PORT|ADDR|URLS?|ENDPOINT|INSTANCES|DIR|FILE|PATH|CACHE|CONFIG|DATA|PLUGINS|PROVISIONING|CALENDARS)$/;

/** A secret is given as itself or as the file that holds it. */
const SECRET_VARIABLE = /_(TOKEN|PASSWORD)$/;

const isAddressValue = (value: string | undefined) =>
  value === ABSENT || /^(https?:\/\/|\/|\d+\.\d+\.\d+\.\d+:\d+$)/.test(value);

/** `--flag=value` and `--flag /path` by flag; arguments that are no flags by themselves. */
function flags(args: readonly string[]): ReadonlyMap<string, string> {
  const joined = args
    .join('\n')
    .replaceAll(/^(--?[\w.-]+)\n(?=\/)/gm, '$1=')
    .split('\n')
    .filter(Boolean);
  return new Map(
    joined.map((arg): [string, string] => {
      const [, name = arg, value = ''] = /^(--?[^=]+)=(.*)$/.exec(arg) ?? [];
      return [name.replace(/^--?/, '--'), value];
    }),
  );
}

function compare(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): readonly { name: string; one: string | undefined; other: string | undefined }[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .map((name) => ({ name, one: one.get(name), other: other.get(name) }))
    .filter((each) => each.one !== each.other);
}

/** What the two engines do differently for one component. */
export function differences(service: string, one: Started, other: Started): readonly Difference[] {
  const inFlags = compare(flags(one.args), flags(other.args)).map((each) => ({
    ...each,
    isAddress: isAddressValue(each.one) && isAddressValue(each.other),
  }));
  const inVariables = compare(
    new Map(Object.entries(one.environment)),
    new Map(Object.entries(other.environment)),
  ).map((each) => ({
    ...each,
    isAddress: ADDRESS_VARIABLE.test(each.name) || SECRET_VARIABLE.test(each.name),
  }));
  return [...inFlags, ...inVariables].map((each) => ({ service, ...each }));
}
