import type { CommandSpec } from './action-definition.ts';
import { filled } from './placeholders.ts';

/** What a command would do, for people; unlike the command itself it may be described with values that are refused. */
export function describeCommand(spec: CommandSpec, parameters: Readonly<Record<string, string>>): string {
  const show = (template: string) => filled(template, (name) => parameters[name] ?? `{{${name}}}`);
  switch (spec.kind) {
    case 'set-flag':
      return `set flag ${spec.flag} to ${spec.variant}`;
    case 'dispatch':
      return `dispatch ${spec.eventType}`;
    case 'restart-instance':
      return `restart ${show(spec.instance)}`;
    case 'silence': {
      const matchers = Object.entries(spec.matchers).map(
        ([name, value]) => `${name}=${JSON.stringify(show(value))}`,
      );
      return `silence ${matchers.join(', ')} for ${Math.round(spec.for / 60_000)} min`;
    }
  }
}
