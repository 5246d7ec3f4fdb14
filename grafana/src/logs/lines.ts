import { logLines } from '../panels/log-lines.ts';
import * as queries from '../queries/logs.ts';

const containing = (scope: string) => `${scope} |= \`$contains\``;

export const failures = () =>
  logLines({
    title: 'Failures of every service',
    description:
      'The newest lines of severity error and above that contain what is asked for above. A click shows the fields; trace_id leads to the trace, of which one in ten is kept where nothing failed or was slow.',
    expression: queries.failuresOf(containing(queries.EVERY_SERVICE)),
    noValue: 'Nothing failed in this time range',
  });

export const all = () =>
  logLines({
    title: 'Lines of $service',
    description:
      'The newest lines that contain what is asked for above. A click shows the fields; trace_id leads to the trace, of which one in ten is kept where nothing failed or was slow.',
    expression: containing(queries.ofRoutes(queries.ofService('$service'), '$route')),
    noValue: 'No such line in this time range',
  });
