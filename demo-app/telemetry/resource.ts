import { SERVICE_NAMESPACE } from '@aiops-sre/conventions/services.ts';
import type { Settings } from '../settings.ts';

/**
 * Who this process is, in every span and metric. The instance is set and stable: a generated one would begin new
 * series at each restart.
 * @see https://opentelemetry.io/docs/specs/semconv/resource/
 */
export function serviceAttributes({
  role,
  instance,
  version,
  revision,
  environment,
}: Settings): Record<string, string> {
  return {
    'service.name': role,
    'service.namespace': SERVICE_NAMESPACE,
    'service.instance.id': instance,
    'service.version': version,
    'deployment.environment.name': environment,
    'vcs.ref.head.revision': revision,
  };
}
