import { z } from 'zod';
import { type KubernetesObject, ofKind } from './rendered.ts';

type Labels = Readonly<Record<string, string>>;

const selectorSchema = z.object({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.literal('In'), values: z.array(z.string()) }))
    .default([]),
});
const peerSchema = z.object({
  podSelector: selectorSchema.optional(),
  namespaceSelector: selectorSchema.optional(),
  ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional(),
});
const policySchema = z.object({
  spec: z.object({
    podSelector: selectorSchema,
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z
      .array(z.object({ from: z.array(peerSchema).optional(), ports: z.array(z.unknown()).optional() }))
      .default([]),
    egress: z
      .array(z.object({ to: z.array(peerSchema).optional(), ports: z.array(z.unknown()).optional() }))
      .default([]),
  }),
});

const selects = ({ matchLabels, matchExpressions }: z.infer<typeof selectorSchema>, labels: Labels) =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
  matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''));

/**
 * What the policies of a namespace allow between its pods at any port, as Kubernetes reads them: a pod that a policy selects
 * is reached, and reaches, only as one of its policies says.
 */
export function networkReach(objects: readonly KubernetesObject[]) {
  const policies = ofKind(objects, 'NetworkPolicy').map((object) => policySchema.parse(object).spec);
  const of = (type: 'Ingress' | 'Egress', labels: Labels) =>
    policies.filter(
      ({ podSelector, policyTypes }) => policyTypes.includes(type) && selects(podSelector, labels),
    );
  const isPeer = ({ podSelector, namespaceSelector, ipBlock }: z.infer<typeof peerSchema>, labels: Labels) =>
    !ipBlock && !namespaceSelector && (!podSelector || selects(podSelector, labels));
  return {
    between(from: Labels, to: Labels): boolean {
      const [out, into] = [of('Egress', from), of('Ingress', to)];
      const leaves = out.some(({ egress }) =>
        egress.some(({ to: peers }) => peers?.some((peer) => isPeer(peer, to))),
      );
      const arrives = into.some(({ ingress }) =>
        ingress.some(({ from: peers }) => peers?.some((peer) => isPeer(peer, from))),
      );
      return (out.length === 0 || leaves) && (into.length === 0 || arrives);
    },
    /** Whether a pod gets to addresses beyond the cluster. */
    outside: (from: Labels): boolean => {
      const out = of('Egress', from);
      return (
        out.length === 0 ||
        out.some(({ egress }) => egress.some(({ to }) => to?.some(({ ipBlock }) => ipBlock)))
      );
    },
  };
}
