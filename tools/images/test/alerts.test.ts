import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { APP_NAMES, APPS } from '@runnel/contracts/apps'
import { parseExposition, type Sample } from '@runnel/observability'
import {
  findBinary,
  cleanNats,
  createTestDatabase,
  eventually,
  freePort,
  serviceUrls,
  spawnApp,
  testPrefix,
  type ManagedProcess,
  type TestDatabase,
  runIf,
} from '@runnel/testing'
import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findUnexposed } from '../src/alerts/find-unexposed.ts'
import { parsePromql } from '../src/alerts/parse-promql.ts'
import { readAlertRules, readScrapeJobs } from '../src/alerts/read-alert-rules.ts'
import { importConfig, ROOT } from './workspace.ts'

const rules = readAlertRules(ROOT)
const jobs = readScrapeJobs(ROOT)
/** What the scrape itself adds. */
const SCRAPE_LABELS = ['job', 'instance']

const byName = rules.map((rule) => [rule.alert, rule] as const)

test.each(byName)('%s says what is wrong, how bad it is, and what to do', (_, rule) => {
  expect(['critical', 'warning', 'info']).toContain(rule.labels['severity'])
  const { summary, description, runbook = '' } = rule.annotations
  expect(summary).toBeTruthy()
  expect(description).toBeTruthy()
  const name = rule.alert.replace(/^Runnel/, '').replace(/\B[A-Z]/g, '-$&')
  expect(runbook).toBe(`docs/runbooks/${name.toLowerCase()}.md`)
  expect(existsSync(join(ROOT, runbook))).toBe(true)
  const page = readFileSync(join(ROOT, runbook), 'utf8')
  expect(page).toMatch(new RegExp(`^# ${rule.alert}\n[^]+\n## Look at\n[^]+\n## Do\n`))
})

test.each(byName)('%s speaks only of labels that its expression leaves', (_, { expr, annotations }) => {
  const { groupings, selectors } = parsePromql(expr)
  const ofTarget = selectors.every(({ metric }) => metric === 'up')
  const left = ofTarget ? SCRAPE_LABELS : groupings
  const named = Object.values(annotations).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)])
  expect(named.map(([, label]) => label).filter((label) => !left.includes(label ?? ''))).toEqual([])
})

test('every runbook belongs to an alert', () => {
  const pages = globSync('docs/runbooks/*.md', { cwd: ROOT }).filter((page) => !page.endsWith('README.md'))
  expect(pages.sort()).toEqual(rules.map(({ annotations }) => annotations['runbook']).sort())
})

test('docs/runbooks/README.md lists every alert with its severity, in the order of the rules', () => {
  const readme = readFileSync(join(ROOT, 'docs/runbooks/README.md'), 'utf8')
  const rows = [...readme.matchAll(/^\| \[(\w+)\]\(([\w-]+\.md)\) *\| (\w+) *\| \S/gm)]
  expect(rows.map(([, ...cells]) => cells)).toEqual(
    rules.map(({ alert, labels, annotations }) => [
      alert,
      annotations['runbook']?.replace('docs/runbooks/', ''),
      labels['severity'],
    ]),
  )
})

test('every app is scraped, each replica, where it listens', async () => {
  for (const app of APP_NAMES) {
    const { port } = (await importConfig(app)).loadConfig({})
    const job = jobs.find(({ job_name: name }) => name === app)
    expect(job?.dns_sd_configs).toEqual([expect.objectContaining({ names: [app], port, type: 'A' })])
  }
})

test('an app that is gone altogether is noticed', () => {
  const { expr = '' } = rules.find(({ alert }) => alert === 'RunnelTargetDown') ?? {}
  const absent = [...expr.matchAll(/absent\(up\{job="(.+?)"\}\)/g)].map(([, job]) => job)
  expect(absent.sort()).toEqual(APP_NAMES.filter((app) => APPS[app].required).sort())
})

describe('with the apps running', () => {
  let samples: Sample[]
  let database: TestDatabase
  const apps: ManagedProcess[] = []
  const prefix = testPrefix()

  beforeAll(async () => {
    database = await createTestDatabase()
    const env = { ...serviceUrls(), SUBJECT_PREFIX: prefix, DATABASE_URL: database.url }
    const away = `postgres://127.0.0.1:${await freePort()}/nowhere`
    apps.push(
      ...(await Promise.all([
        spawnApp('ingest-api', { ...env, DATABASE_URL: away }, { waitFor: '/readyz' }),
        spawnApp('consumer', env, { waitFor: '/readyz' }),
        spawnApp('query-api', env, { waitFor: '/readyz' }),
        spawnApp('message-dispatcher', env, { waitFor: '/readyz' }),
      ])),
    )
    const [ingest] = apps
    await store(ingest?.url ?? '')
    // A refusal: the dead letters are in a database that is away.
    expect((await fetch(`${ingest?.url}/api/v1/dead-letters`)).status).toBe(503)
    for (const { url } of apps) for (const probe of ['healthz', 'metrics']) await fetch(`${url}/${probe}`)
    const up = jobs.map(({ job_name: job }) => ({ name: 'up', labels: { job, instance: 'any' }, value: 1 }))
    samples = [...up, ...(await Promise.all(apps.map(scrape))).flat()]
  })

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.stop()))
    await cleanNats(serviceUrls().NATS_URL, prefix)
    await database.drop()
  })

  test.each(byName)('%s reads metrics, labels and values that are exposed', (_, { expr }) => {
    expect(findUnexposed(parsePromql(expr), samples)).toEqual([])
  })

  test('a metric, a label or a value that no app exposes is found', () => {
    const found = (expr: string) => findUnexposed(parsePromql(expr), samples)
    expect(found('sum(rate(runnel_http_requests_total[5m]))')).toEqual(['runnel_http_requests_total'])
    expect(found('sum by (colour) (runnel_consumer_lag_seconds)')).toEqual(['by or on (colour)'])
    expect(found('runnel_consumer_events_total{outcome="lost"}')).toHaveLength(1)
    expect(found('runnel_consumer_events_total{result="stored"}')).toHaveLength(1)
    expect(found('runnel_http_request_duration_seconds_count{status=~"6.."}')).toHaveLength(1)
    expect(() => found('sum by (kind (up)')).toThrow('No PromQL')
  })
})

async function store(ingestUrl: string): Promise<void> {
  await eventually(async () => {
    const answer = await fetch(`${ingestUrl}/log?wait=stored`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"message":"for the metrics"}',
    })
    return answer.status === 200
  })
}

async function scrape({ url }: ManagedProcess): Promise<Sample[]> {
  return parseExposition(await (await fetch(`${url}/metrics`)).text())
}

const promtool = findBinary('promtool')
const withPromtool = runIf(promtool !== undefined, test, 'promtool is not installed')
withPromtool('promtool accepts configuration and rules, and the rules pass their cases', async () => {
  const folder = join(ROOT, 'deploy/prometheus')
  const run = (...args: string[]) => promisify(execFile)(promtool ?? '', args, { cwd: folder })
  // Of files alone that are here: the key of Prometheus is written by compose.
  await run('check', 'config', '--syntax-only', 'prometheus.yml')
  await run('test', 'rules', 'rules.test.yml')
})
