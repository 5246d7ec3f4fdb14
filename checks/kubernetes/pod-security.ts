import type { Container, Pod } from './rendered.ts';

/** A rule of the standard "restricted": what is wrong with a pod, or nothing. */
type Rule = (pod: Pod) => readonly string[];

const all = ({ spec }: Pod): readonly Container[] => [...spec.initContainers, ...spec.containers];
const each =
  (message: string, keeps: (container: Container, pod: Pod) => boolean): Rule =>
  (pod) =>
    all(pod).flatMap((container) => (keeps(container, pod) ? [] : [`${container.name}: ${message}`]));

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ and what this chart asks of itself beyond it. */
const POD_SECURITY: Readonly<Record<string, Rule>> = {
  'no-privilege-escalation': each(
    'allowPrivilegeEscalation: false',
    ({ securityContext }) =>
      securityContext.allowPrivilegeEscalation === false && !securityContext.privileged,
  ),
  'no-capabilities': each('capabilities.drop: [ALL]', ({ securityContext }) => {
    const { drop, add } = (securityContext.capabilities ?? {}) as { drop?: string[]; add?: string[] };
    return JSON.stringify(drop) === '["ALL"]' && add === undefined;
  }),
  'non-root': ({ spec: { securityContext } }) =>
    securityContext.runAsNonRoot === true && Number(securityContext.runAsUser) > 0
      ? []
      : ['runAsNonRoot: true, and a user'],
  seccomp: ({ spec: { securityContext } }) =>
    (securityContext.seccompProfile as { type?: string } | undefined)?.type === 'RuntimeDefault'
      ? []
      : ['seccompProfile.type: RuntimeDefault'],
  'no-host': ({ spec }) =>
    ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => spec[name] === true).map((name) => `no ${name}`),
  'read-only-root': each('readOnlyRootFilesystem: true', ({ securityContext }) =>
    Boolean(securityContext.readOnlyRootFilesystem),
  ),
  'limits-and-requests': each('memory and CPU', ({ resources: { limits, requests } }) =>
    Boolean(limits.memory && requests.memory && requests.cpu),
  ),
  // Who reads the cluster has a token, and no other.
  'no-token': ({ metadata, spec }) =>
    spec.automountServiceAccountToken === (metadata.labels['app.kubernetes.io/name'] === 'cluster-telemetry')
      ? []
      : ['automountServiceAccountToken: false'],
  // TEMPO_PORT and LOKI_PORT are variables of the configuration.
  'no-service-variables': ({ spec }) =>
    spec.enableServiceLinks === false ? [] : ['enableServiceLinks: false'],
  'pinned-image': each('an image with a version', ({ image }) =>
    /:v?\d+\.\d+\.\d+|(postgres:\d+\.\d+-|seaweedfs:\d+\.\d+$)/.test(image),
  ),
};

export const podSecurityProblems = (pod: Pod): readonly string[] =>
  Object.entries(POD_SECURITY).flatMap(([name, rule]) => rule(pod).map((problem) => `${name}: ${problem}`));
