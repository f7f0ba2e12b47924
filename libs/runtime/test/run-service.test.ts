import { describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

interface Ended {
  readonly code: number | null
  readonly lines: readonly string[]
  readonly errors: string
}

/** Runs test/service.ts; `signal` is sent to it when it says `when`, and once more when it says `again`. */
function runProcess(
  env: Record<string, string>,
  { signal, when = 'started', again }: { signal?: NodeJS.Signals; when?: string; again?: string } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'service.ts')], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, errors] = ['', '']
  const awaited = new Set([when, again ?? when])
  child.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part))
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    output += part
    if (signal === undefined) return
    for (const word of [...awaited].filter((one) => output.split('\n').includes(one))) {
      awaited.delete(word)
      child.kill(signal)
    }
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, lines: output.split('\n').slice(0, -1), errors }))
  })
}

const DRAINED = ['info draining', 'close last', 'close first', 'info service stopped']

describe('runService', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('closes in reverse order at %s, and exits 0', async (signal) => {
    const { code, lines } = await runProcess({}, { signal })
    expect(lines).toEqual(['started', ...DRAINED])
    expect(code).toBe(0)
  })

  it('finishes its drain when a second signal comes', async () => {
    const { code, lines } = await runProcess({}, { signal: 'SIGINT', again: 'close last' })
    expect(lines.filter((line) => line !== 'info draining')).toEqual([
      'started',
      'close last',
      'close first',
      'info service stopped',
    ])
    expect(code).toBe(0)
  })

  it('closes everything else when one close fails, and exits 1', async () => {
    const { code, lines } = await runProcess({ FAULT: 'close' }, { signal: 'SIGTERM' })
    expect(lines).toEqual([
      'started',
      'info draining',
      'close last',
      'close first',
      'error closing failed',
      'info service stopped',
    ])
    expect(code).toBe(1)
  })

  it('closes everything and exits 0 when the last call ends what it waits for', async () => {
    const { code, lines } = await runProcess({ FAULT: 'wait', SHUTDOWN_MS: '8000' }, { signal: 'SIGTERM' })
    const [started, draining, last, ...rest] = lines
    expect([started, draining, last]).toEqual(['started', 'info draining', 'close last'])
    expect(rest).toEqual([
      'warn the drain takes long; connections that do not answer are cut',
      'close first',
      'info service stopped',
    ])
    expect(code).toBe(0)
  })

  it('ends with 1 when the drain takes longer than the deadline', async () => {
    const { code, lines } = await runProcess({ FAULT: 'hang', SHUTDOWN_MS: '100' }, { signal: 'SIGTERM' })
    expect(lines.at(-1)).toBe('error the drain took longer than allowed; ending now')
    expect(code).toBe(1)
  })

  it('closes what was opened when the start fails, and exits 1', async () => {
    const { code, lines } = await runProcess({ FAULT: 'start' })
    expect(lines).toEqual([
      'fatal the service could not start',
      'close last',
      'close first',
      'info service stopped',
    ])
    expect(code).toBe(1)
  })

  it.each([
    ['rejection', 'fatal unhandledRejection'],
    ['exception', 'fatal uncaughtException'],
  ])('closes and exits 1 after an unhandled %s', async (fault, line) => {
    const { code, lines } = await runProcess({ FAULT: fault })
    expect(lines).toContain(line)
    expect(lines.slice(-3)).toEqual(['close last', 'close first', 'info service stopped'])
    expect(code).toBe(1)
  })

  it('exits 1 when something crashes while it drains', async () => {
    const { code, lines } = await runProcess({ FAULT: 'crash-in-drain' }, { signal: 'SIGTERM' })
    expect(lines).toContain('close first')
    expect(code).toBe(1)
  })

  it('exits 0 when the signal comes while it starts', async () => {
    const { code, lines } = await runProcess({ FAULT: 'slow-start' }, { signal: 'SIGTERM', when: 'starting' })
    expect(lines).toEqual(['starting', ...DRAINED])
    expect(code).toBe(0)
  })
})

describe('loadOrComplain', () => {
  it('prints every problem without a stack, and exits 1', async () => {
    const { code, lines, errors } = await runProcess({ LIMIT: '7', SHUTDOWN_MS: 'soon' })
    expect(errors).toBe(
      [
        'The configuration is wrong:',
        '  - SHUTDOWN_MS="soon": expected a whole number from 1 to 9007199254740991',
        '  - LIMIT="7": expected a whole number from 0 to 5',
        '',
      ].join('\n'),
    )
    expect(lines).toEqual([])
    expect(code).toBe(1)
  })
})
