import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COMPOSE_SETTINGS, renderComposeSettings } from './compose-settings.ts'
import { WORKSPACE_ROOT } from './dev-apps.ts'
import { loadAppSettings, renderEnvExample } from './env-example.ts'
import { NATS_ACCOUNTS, NATS_TABLE, renderNatsAccounts, renderNatsTable } from './nats-accounts.ts'

/** `npm run env-example` */
const apps = await loadAppSettings()
const texts = {
  '.env.example': renderEnvExample(apps),
  [COMPOSE_SETTINGS]: renderComposeSettings(apps),
  [NATS_ACCOUNTS]: renderNatsAccounts(),
  [NATS_TABLE]: renderNatsTable(),
}
for (const [name, text] of Object.entries(texts)) {
  const file = join(WORKSPACE_ROOT, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
