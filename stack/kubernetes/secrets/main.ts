/** `npm run -s kubernetes:secrets | kubectl create --namespace NAMESPACE -f -`: secrets for the overlays of k8s/kustomize, once. */

import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { secretManifests } from './secret-manifests.ts';

print(secretManifests());
