import { readIfThere } from '@aiops-sre/service-kit/files/read-if-there.ts';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import { z } from 'zod';
import { type Flight, flightSchema, type PilotName } from './flight.ts';
import { type Card, grade } from './grade.ts';
import type { Mission } from './read-missions.ts';

/** Older ones are let go: the file is read whole. */
const FLIGHTS_KEPT = 500;

const fileSchema = z.object({ version: z.literal(2), flights: z.array(flightSchema) });

/** All flights, oldest first. @throws Error naming the file that is not one */
export async function readFlights(file: string): Promise<readonly Flight[]> {
  const text = await readIfThere(file);
  if (text === undefined) return [];
  try {
    return fileSchema.parse(JSON.parse(text)).flights;
  } catch (cause) {
    throw new Error(`${file}: got no list of flights; move it away to begin a new one`, { cause });
  }
}

let kept: Promise<void> = Promise.resolve();

/** Adds one, or what was said of it since: a flight is known by when it began. One after the other, where several end at once. */
export function keepFlight(file: string, flight: Flight): Promise<void> {
  const keeping = kept.then(() => addFlight(file, flight));
  kept = keeping.catch(() => {});
  return keeping;
}

async function addFlight(file: string, flight: Flight): Promise<void> {
  const others = (await readFlights(file)).filter(({ beganMs }) => beganMs !== flight.beganMs);
  const flights = [...others, flight].slice(-FLIGHTS_KEPT);
  await writeAtomically(file, `${JSON.stringify({ version: 2, flights })}\n`);
}

export interface GradedFlight {
  readonly flight: Flight;
  readonly mission: Mission;
  readonly card: Card;
}

/** Of missions that there still are, by what is true of them now. */
export function gradedFlights(
  flights: readonly Flight[],
  missions: readonly Mission[],
): readonly GradedFlight[] {
  return flights.flatMap((flight) => {
    const mission = missions.find(({ name }) => name === flight.mission);
    return mission === undefined ? [] : [{ flight, mission, card: grade(flight, mission) }];
  });
}

/** The flight with the most points of a pilot in a mission; undefined as long as none were given. */
export function bestOf(
  graded: readonly GradedFlight[],
  mission: string,
  pilot: PilotName,
): (GradedFlight & { readonly card: { readonly points: number } }) | undefined {
  return graded
    .filter(
      (each): each is GradedFlight & { card: { points: number } } =>
        each.flight.mission === mission && each.flight.pilot === pilot && each.card.points !== null,
    )
    .toSorted((one, other) => other.card.points - one.card.points)[0];
}

/** The last flight of a pilot in a mission that came to its end; undefined as long as there is none. */
export const lastFlown = (graded: readonly GradedFlight[], mission: string, pilot: PilotName) =>
  graded.findLast(
    ({ flight }) => flight.mission === mission && flight.pilot === pilot && flight.ended !== 'interrupted',
  );
