import { InvalidArgumentError } from 'commander';

/** An option's value. @throws InvalidArgumentError where it is no whole number from 1 on */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError(`Expected a whole number from 1 on, got ${text}.`);
}
