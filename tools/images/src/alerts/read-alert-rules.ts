import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface AlertRule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface ScrapeJob {
  readonly job_name: string
  readonly dns_sd_configs?: readonly { readonly names: readonly string[]; readonly port: number }[]
  readonly authorization?: { readonly credentials_file: string }
}

/** The alerts of deploy/prometheus/rules.yml. */
export function readAlertRules(root: string): AlertRule[] {
  const { groups } = read(root, 'rules.yml') as { groups: { rules: AlertRule[] }[] }
  return groups.flatMap(({ rules }) => rules)
}

/** What deploy/prometheus/prometheus.yml scrapes. */
export function readScrapeJobs(root: string): ScrapeJob[] {
  return (read(root, 'prometheus.yml') as { scrape_configs: ScrapeJob[] }).scrape_configs
}

function read(root: string, name: string): unknown {
  return parse(readFileSync(join(root, 'deploy/prometheus', name), 'utf8'))
}
