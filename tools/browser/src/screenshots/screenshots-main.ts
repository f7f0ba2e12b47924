import { APP_NAMES, FAKE_GATEWAY, portVariable } from '@runnel/contracts/apps'
import { CleanupStack } from '@runnel/runtime'
import { freePort } from '@runnel/testing'
import { loadConfig, startStandalone } from '@runnel/standalone'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchChromium } from '../launch-chromium.ts'
import { fillShop } from './fill-shop.ts'
import { takeScreenshots } from './take-screenshots.ts'

/** `npm run screenshots`: the pictures of the README, of a shop's day in a Runnel of their own. */
const TARGET = fileURLToPath(new URL('../../../../docs/images', import.meta.url))
const PORTS = [...APP_NAMES.map(portVariable), FAKE_GATEWAY.portVariable]

const cleanup = new CleanupStack()
try {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-screenshots-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  const env: Record<string, string> = { RUNNEL_DATA_DIR: folder }
  for (const name of PORTS) env[name] = String(await freePort())
  const config = loadConfig(env)
  await startStandalone(config, cleanup)
  const at = (port: number) => `http://127.0.0.1:${port}`
  const mailing = await fillShop({
    ingest: at(config.ports['ingest-api']),
    dispatcher: at(config.ports['message-dispatcher']),
    simulator: at(config.ports['producer-sim']),
    query: at(config.ports['query-api']),
  })
  const browser = await launchChromium()
  cleanup.defer(() => browser.close())
  await takeScreenshots(browser, { origin: at(config.ports['query-api']), mailing, folder: TARGET })
} finally {
  await cleanup.close()
}
