import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { WORKSPACE_ROOT, listDevApps, requireFreePorts } from '../src/dev-apps.ts'
import { eventually, freePort, startNats, startPostgres, startRedis, withDatabase } from '@runnel/testing'

test('npm run dev creates the database, brings up the five apps, and stops them all', async () => {
  await using postgres = await startPostgres()
  await using nats = await startNats()
  await using redis = await startRedis()
  const ports: Record<string, string> = {}
  for (const { portVariable } of listDevApps({})) ports[portVariable] = String(await freePort())
  const dev = spawn(process.execPath, [join(WORKSPACE_ROOT, 'tools/workspace/src/dev-main.ts')], {
    env: {
      ...process.env,
      ...ports,
      NODE_OPTIONS: '',
      // Nx asks for colours, which would stand inside of the lines.
      FORCE_COLOR: '0',
      DATABASE_URL: withDatabase(postgres.url, 'runnel'),
      NATS_URL: nats.url,
      REDIS_URL: redis.url,
      // The fake gateway of producer-sim, where it has a port of its own.
      GATEWAY_PORT: String(await freePort()),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [dev.stdout, dev.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text))
  const exited = once(dev, 'exit')
  try {
    await eventually(() => output.includes('Ctrl-C stops everything') || dev.exitCode !== null)
    expect(output).toContain('the database is up to date')
    expect(output).toMatch(/^ingest-api +INFO: listening \{"url":/m)
    const apps = listDevApps(ports)
    for (const { name, port } of apps) {
      expect(output).toContain(`${name.padEnd(18)}  http://127.0.0.1:${port}  http://127.0.0.1:${port}/docs`)
      expect((await fetch(`http://127.0.0.1:${port}/docs/json`)).status).toBe(200)
    }
    await streamAnEvent(apps.find(({ name }) => name === 'producer-sim')?.port)
    await sendAMessage(apps.find(({ name }) => name === 'message-dispatcher')?.port)
    dev.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
    await requireFreePorts(apps)
  } catch (error) {
    throw new Error(`${String(error)}\n${output}`, { cause: error })
  } finally {
    dev.kill('SIGTERM')
    await exited
  }
}, 300_000)

/** The simulator finds ingest-api, wherever it was moved to. */
async function streamAnEvent(port: number | undefined): Promise<void> {
  const url = `http://127.0.0.1:${port}/api/v1/stream`
  await fetch(`${url}/start`, { method: 'POST' })
  const answers = await eventually(async () => {
    const { answers } = (await (await fetch(url)).json()) as { answers: Record<string, number> }
    return answers['202'] !== undefined && answers
  })
  expect(Object.keys(answers)).toEqual(['202'])
}

/** The dispatcher finds the fake gateway, wherever that was moved to. */
async function sendAMessage(port: number | undefined): Promise<void> {
  const url = `http://127.0.0.1:${port}/api/v1`
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await response.json()) as { id: number }
  }
  await post('/clients', { phone: '79161234567', timeZone: 'Europe/Moscow' })
  const end = new Date(Date.now() + 3_600_000).toISOString()
  const { id } = await post('/mailings', { start: new Date().toISOString(), end, text: 'Hello' })
  await eventually(async () => {
    const { status } = (await (await fetch(`${url}/mailings/${id}`)).json()) as { status: string }
    return status === 'completed'
  })
}
