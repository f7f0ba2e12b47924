import { expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const DAY_MS = 86_400_000

it('the clock of a process is as wrong as the file says, whichever way it is asked, while its monotonic clock goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-clock-'))
  const file = join(folder, 'clock')
  writeFileSync(file, String(2 * DAY_MS))
  const program = `setInterval(() => console.log(JSON.stringify(
    [Date.now(), new Date().getTime(), Date.parse(Date()), new Date() instanceof Date, new Date(5).getTime(), performance.now()])), 20)`
  const child = spawn(
    process.execPath,
    ['--import', new URL('./preload-clock.ts', import.meta.url).href, '-e', program],
    { env: { ...process.env, NODE_OPTIONS: '', RUNNEL_CLOCK_FILE: file } },
  )
  const lines: (readonly [number, number, number, boolean, number, number])[] = []
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    const parts = (text + part).split('\n')
    text = parts.pop()!
    lines.push(...parts.map((line) => JSON.parse(line) as (typeof lines)[number]))
  })
  const isOff = (byMs: number) => {
    const last = lines.at(-1)
    return (
      last !== undefined &&
      last.slice(0, 3).every((ms) => Math.abs(Number(ms) - Date.now() - byMs) < DAY_MS / 2)
    )
  }
  try {
    await eventually(() => isOff(2 * DAY_MS))
    writeFileSync(file, String(-2 * DAY_MS))
    await eventually(() => isOff(-2 * DAY_MS))
    for (const [, , , isDate, given] of lines) expect([isDate, given]).toEqual([true, 5])
    const monotonic = lines.map((line) => line[5])
    expect(monotonic).toEqual([...monotonic].sort((a, b) => a - b))
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
})
