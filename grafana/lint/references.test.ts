import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { DashboardBuilder, QueryVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { describe, expect, test } from 'vitest';
import { rangeQuery } from '../src/panels/prometheus-query.ts';
import { dataSourceProblems, linkProblems, variableProblems } from './references.ts';

const dashboard = (panel: PanelBuilder, uid = 'shown'): Dashboard =>
  new DashboardBuilder('Shown')
    .uid(uid)
    .withPanel(panel)
    .withVariable(new QueryVariableBuilder('service'))
    .build();

describe('references of a dashboard', () => {
  test('a data source that is not provisioned is a problem', () => {
    const shown = dashboard(new PanelBuilder().datasource({ type: 'prometheus', uid: 'PBFA97CFB590B2093' }));
    expect(dataSourceProblems(shown, new Set(['prometheus']))).toEqual([
      expect.stringContaining('PBFA97CFB590B2093'),
    ]);
    expect(dataSourceProblems(shown, new Set(['PBFA97CFB590B2093']))).toEqual([]);
  });

  test("a variable that does not exist is a problem, one of Grafana's own is not", () => {
    const shown = dashboard(
      new PanelBuilder().withTarget(
        rangeQuery('A', '', 'rate(x{service="$service",route="$route"}[$__rate_interval])'),
      ),
    );
    expect(variableProblems(shown)).toEqual(['variable $route does not exist']);
  });

  test('a link to a dashboard or a variable that does not exist is a problem', () => {
    const link = (url: string) => dashboard(new PanelBuilder().description(url));
    const target = dashboard(new PanelBuilder(), 'target');
    expect(linkProblems(link('/d/target?var-service=a'), [target])).toEqual([]);
    expect(linkProblems(link('/d/target?var-slo=a'), [target])).toEqual([expect.stringContaining('slo')]);
    expect(linkProblems(link('/d/elsewhere'), [target])).toEqual([expect.stringContaining('elsewhere')]);
  });
});
