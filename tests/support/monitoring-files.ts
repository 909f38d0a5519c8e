import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The files by which the product is watched, as they are handed to Prometheus and Grafana. */
export const OPS = fileURLToPath(new URL('../../ops/', import.meta.url));

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat?: string;
    readonly datasource: { readonly type: string; readonly uid: string };
  }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
}

export interface ScrapeConfig {
  readonly job_name: string;
  readonly [setting: string]: unknown;
}

export interface PrometheusConfig {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly ScrapeConfig[];
  readonly [setting: string]: unknown;
}

const read = (path: string): string => readFileSync(`${OPS}${path}`, 'utf8');

export const readYaml = <T>(path: string): T => parse(read(path)) as T;

export const readRules = (): Rule[] =>
  readYaml<{ groups: { rules: Rule[] }[] }>('prometheus/alerts.yml').groups.flatMap(({ rules }) => rules);

export const readDashboards = (): { readonly file: string; readonly dashboard: Dashboard }[] =>
  readdirSync(`${OPS}grafana/dashboards`)
    .sort()
    .map((file) => ({ file, dashboard: JSON.parse(read(`grafana/dashboards/${file}`)) as Dashboard }));

/** Every query of a dashboard, with the panel it stands in. */
export const queriesOf = ({ panels }: Dashboard): { readonly panel: string; readonly expr: string }[] =>
  panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ panel: title, expr })));
