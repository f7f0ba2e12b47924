import { variablePrefix, type AppName } from '@runnel/contracts/apps'
import { fileVariableOf, listSettings, type Setting } from '@runnel/runtime'
import type { AppSettings } from './env-example.ts'

export const COMPOSE_SETTINGS = 'deploy/compose/settings.yaml'

/**
 * What is fixed in a container: where it listens, and under which names it finds the servers and the other apps. docker-compose.yaml
 * gives it; the ports and addresses outside are those of its own variables.
 */
const FIXED: ReadonlySet<string> = new Set([
  ...['HOST', 'PORT', 'GATEWAY_PORT', 'NATS_URL', 'DATABASE_URL', 'REDIS_URL'],
  ...['INGEST_API_URL', 'CONSUMER_URL', 'MESSAGE_DISPATCHER_URL', 'PRODUCER_SIM_URL', 'QUERY_API_URL'],
])

/** What docker-compose.yaml gives a default of its own, beside which the variable of a file would be refused. */
const WITHOUT_FILE: ReadonlySet<string> = new Set(['GATEWAY_URL'])

const HEAD = `# Every setting that the apps read, so that what is set in .env or in the shell reaches their containers. Written by
# npm run env-example; docker-compose.yaml extends these services. Empty means not set.
services:
`

/** The text of deploy/compose/settings.yaml: for each app, its variables by both of their names. */
export function renderComposeSettings(apps: ReadonlyMap<string, AppSettings>): string {
  return HEAD + [...apps].map(([app, table]) => renderApp(app as AppName, table)).join('')
}

function renderApp(app: AppName, table: AppSettings): string {
  const prefix = variablePrefix(app)
  const names = listSettings(table)
    .filter(({ setting }) => !FIXED.has(setting.variable))
    .flatMap(({ setting }) => [setting.variable, fileOf(setting) ?? []].flat())
  const lines = names.map((name) => `      ${name}: '\${${prefix}${name}:-\${${name}:-}}'\n`)
  return `  ${app}:\n    environment:\n${lines.join('')}`
}

function fileOf(setting: Setting<unknown>): string | undefined {
  return WITHOUT_FILE.has(setting.variable) ? undefined : fileVariableOf(setting)
}
