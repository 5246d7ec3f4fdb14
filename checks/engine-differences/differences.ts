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
  readonly native: string | undefined;
  readonly compose: string | undefined;
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
  native: ReadonlyMap<string, string>,
  compose: ReadonlyMap<string, string>,
): readonly { name: string; native: string | undefined; compose: string | undefined }[] {
  return [...new Set([...native.keys(), ...compose.keys()])]
    .map((name) => ({ name, native: native.get(name), compose: compose.get(name) }))
    .filter((each) => each.native !== each.compose);
}

/** What the two engines do differently for one component. */
export function differences(service: string, native: Started, compose: Started): readonly Difference[] {
  const inFlags = compare(flags(native.args), flags(compose.args)).map((each) => ({
    ...each,
    isAddress: isAddressValue(each.native) && isAddressValue(each.compose),
  }));
  const inVariables = compare(
    new Map(Object.entries(native.environment)),
    new Map(Object.entries(compose.environment)),
  ).map((each) => ({
    ...each,
    isAddress: ADDRESS_VARIABLE.test(each.name) || SECRET_VARIABLE.test(each.name),
  }));
  return [...inFlags, ...inVariables].map((each) => ({ service, ...each }));
}
