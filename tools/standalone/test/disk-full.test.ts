import { afterAll, expect, it } from '@jest/globals'
import { portVariable } from '@runnel/contracts/apps'
import { eventually, runIf, spawnStandalone } from '@runnel/testing'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Two starts, each of them as long as it may take, and a disk to fill. */
const LIMIT_MS = 400_000

const folder = mkdtempSync(join(tmpdir(), 'runnel-full-'))
const mount = (...args: readonly string[]): boolean => {
  try {
    execFileSync('mount', [...args, folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const isMounted = mount('-t', 'tmpfs', '-o', 'size=70m', 'tmpfs')

afterAll(() => {
  if (isMounted) execFileSync('umount', ['--lazy', folder])
  rmSync(folder, { recursive: true, force: true })
})

const post = (url: string, body: unknown) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

runIf(isMounted, it, 'a disk of its own takes the right to mount one')(
  'on a disk that fills up, npm start says so, keeps everything acknowledged, and goes on once there is room',
  async () => {
    let app = await spawnStandalone(folder)
    const lines = Array.from({ length: 400 }, (_, n) => ({ message: `${n} ${'x'.repeat(500)}` }))
    let acknowledged = 0
    let last: Response
    do {
      last = await post(`${app.ingest}/api/v1/logs`, lines)
      if (last.status === 200) acknowledged += lines.length
      else expect(last.status).toBe(503)
    } while (((await last.json()) as { code?: string }).code !== 'storage_full')
    expect(last.headers.get('retry-after')).toMatch(/^\d+$/)
    const client = { phone: '+79991234567', timeZone: 'Europe/Moscow' }
    const refused = await post(
      `http://127.0.0.1:${app.env[portVariable('message-dispatcher')]}/api/v1/clients`,
      client,
    )
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'storage_full' }])
    const count = async (): Promise<number> => {
      const response = await fetch(`${app.query}/api/v1/logs/export?q=xxxxxx&from=2020-01-01T00:00:00Z`)
      expect(response.status).toBe(200)
      return (await response.text()).trimEnd().split('\n').length
    }
    const counted = await count()
    // An event under way when the disk became full was answered 503, and may be stored all the same.
    expect(counted).toBeGreaterThanOrEqual(acknowledged)

    // Others take the rest; it starts all the same, and reads.
    await app.stop()
    writeFileSync(join(folder, 'filler'), Buffer.alloc(12 * 1024 ** 2))
    app = await spawnStandalone(folder, app.env)
    expect(await count()).toBe(counted)
    expect((await post(`${app.ingest}/log`, { message: 'no room' })).status).toBe(503)

    expect(mount('-o', 'remount,size=300m')).toBe(true)
    await eventually(
      async () => (await post(`${app.ingest}/log?wait=stored`, { message: 'room' })).status === 200,
    )
    expect(statSync(join(folder, 'ballast')).size).toBe(32 * 1024 ** 2)
    const { items } = (await (await fetch(`${app.query}/api/v1/logs?limit=1&q=room`)).json()) as {
      items: unknown[]
    }
    expect(items).toMatchObject([{ message: 'room' }])
    await app.stop()
  },
  LIMIT_MS,
)
