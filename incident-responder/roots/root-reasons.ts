import type { Deviation } from '../evidence/deviation.ts';
import { type ServiceDeviations, TROUBLES, type Trouble } from '../evidence/service-deviations.ts';
import type { Reason } from '../incidents/incident.ts';
import type { RootFeatures, RootScene } from './root-features.ts';
import type { Feature, RootModel } from './root-model.ts';

/**
 * In words what the features of a candidate add to its log-odds. The weights of all add up to the model's log-odds
 * without its prior.
 */
export function featureReasons(
  service: string,
  features: RootFeatures,
  { deviations, graph, alerting, downRatio, model }: RootScene & { readonly model: RootModel },
): Reason[] {
  const of = (...names: Feature[]) =>
    names.reduce((sum, name) => sum + model.weights[name] * features[name], 0);
  const own = deviations.get(service);
  const signs = own === undefined ? [] : TROUBLES.flatMap((trouble) => signOf(trouble, own));
  const callees = graph.callees(service).filter((each) => deviations.has(each) || downRatio(each) > 0);
  const reasons: Reason[] = [
    {
      kind: 'anomaly',
      weight: of('ownErrors', 'ownDuration', 'ownSaturation', 'calm'),
      text: `${service} ${signs.join(', ') || (own?.tooNew ? 'answers, and there is no time before to compare with' : 'is much as it was before')}${
        signs.length > 0 && callees.length > 0 && features.causedBelow < 0.1
          ? ', and nothing that it calls accounts for it'
          : ''
      }.`,
    },
    {
      kind: 'topology',
      weight: of('symptomShare'),
      text: `${percent(features.symptomShare)} of what ${alerting.join(', ')} suffers passes through it.`,
    },
    {
      kind: 'topology',
      weight: of('causedBelow'),
      text: `${percent(features.causedBelow)} of its trouble comes from what it calls: ${callees.join(', ')}.`,
    },
    { kind: 'anomaly', weight: of('unmeasured'), text: 'Nothing of it is measured.' },
    {
      kind: 'topology',
      weight: of('leaf', 'address'),
      text:
        features.address > 0
          ? 'It is an address: a service behind it may be meant.'
          : 'It calls nobody: what its callers see of it may be their own doing.',
    },
  ];
  return reasons.filter(({ weight }) => weight !== 0);
}

/** A deviation that anybody would call one. */
const TOLD_FROM = 3;

function signOf(trouble: Trouble, { troubles, byTraces }: ServiceDeviations): string[] {
  const deviation = troubles[trouble];
  if (deviation === undefined || deviation.distance < TOLD_FROM) return [];
  return [trouble === 'errors' && byTraces ? 'fails first, as traces say' : SIGNS[trouble](deviation)];
}

const SIGNS: Readonly<Record<Trouble, (deviation: Deviation) => string>> = {
  errors: ({ before, after }) => `fails ${percent(after)} of calls instead of ${percent(before)}`,
  duration: ({ before, after }) => `takes ${times(after / before)} as long as before`,
  saturation: ({ before, after }) => `uses ${times(after / before)} what it used before`,
};

const times = (factor: number): string => `${Number(factor.toPrecision(2))} times`;
const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(2))} %`;
