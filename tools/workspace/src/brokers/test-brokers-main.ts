import { startNats } from '@runnel/testing'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../run-command.ts'
import { BROKER_VERSIONS, nameOf, type BrokerVersion } from './broker-versions.ts'
import { findBroker } from './find-broker.ts'

/**
 * `npm run test:brokers`: the messaging suite over every server that is supported. What is missing is fetched from Debian (needs root);
 * one that is not to be had is a failure. `npm test` takes the servers that it finds. `npm run test:brokers -- 2.15` runs one.
 */
const root = fileURLToPath(new URL('../../../..', import.meta.url))
const CACHE = join(root, 'node_modules/.cache/brokers')

async function testBroker(version: BrokerVersion, signal: AbortSignal): Promise<boolean> {
  const folder = await findBroker(version, CACHE)
  if (version.package === 'rabbitmq-server') return runSuite('rabbitmq', { RABBITMQ_BIN: folder }, signal)
  const path = [folder, process.env['PATH']].join(delimiter)
  process.env['PATH'] = path
  await using server = await startNats()
  // Before the server is disposed of.
  return await runSuite('nats', { PATH: path, NATS_URL: server.url }, signal)
}

function runSuite(
  pattern: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<boolean> {
  const args = [
    'node_modules/.bin/jest',
    '-c',
    'libs/messaging/jest.config.js',
    `libs/messaging/.*${pattern}`,
  ]
  return runCommand(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
      RABBITMQ_URL: '',
      ...env,
    },
    signal,
  })
}

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
const wanted = process.argv.slice(2)
const failed: string[] = []
for (const version of BROKER_VERSIONS) {
  const name = nameOf(version)
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue
  console.log(`\n${name}`)
  try {
    if (!(await testBroker(version, stopping.signal))) failed.push(name)
  } catch (error) {
    console.error((error as Error).message)
    failed.push(`${name} (missing)`)
  }
}
console.log(failed.length === 0 ? '\nAll hold.' : `\nFailed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
