import { expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** What a process writes that logs as `code` says. */
function linesOf(level: string, code: string): Record<string, unknown>[] {
  const program = `import { createLogger } from '${join(import.meta.dirname, 'index.ts')}'
    const log = createLogger('app', '${level}')
    ${code}`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
  })
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

it('writes JSON lines with the app, the level as a word, an ISO time, the fields and the message', () => {
  const [line] = linesOf('info', `log.info({ eventId: 'e1' }, 'stored')`)
  expect(line).toMatchObject({ level: 'info', name: 'app', eventId: 'e1', msg: 'stored' })
  expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(typeof line?.['pid']).toBe('number')
})

it('writes nothing below its level', () => {
  const lines = linesOf('warn', `log.info('no'); log.debug('no'); log.warn('yes'); log.error('yes')`)
  expect(lines.map(({ level }) => level)).toEqual(['warn', 'error'])
  expect(linesOf('silent', `log.fatal('no')`)).toEqual([])
})

it('writes errors under err, with their stack and their cause', () => {
  const [line] = linesOf(
    'info',
    `log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed')`,
  )
  expect(line).toMatchObject({ msg: 'failed', err: { type: 'Error', message: 'outer: inner' } })
  expect((line?.['err'] as { stack: string }).stack).toContain('inner')
})

it('writes of an error what helps, never what a driver hung on it', () => {
  const [line] = linesOf(
    'debug',
    `const failed = new Error('WRONGPASS for redis://user:se/cr@et@host:1/2 again')
    log.debug({ err: Object.assign(failed, { code: 'E1', command: { args: ['AUTH', 'hunter2'] }, detail: '+79991' }) }, 'redis')`,
  )
  const err = line?.['err'] as Record<string, unknown>
  expect(Object.keys(err).sort()).toEqual(['code', 'message', 'stack', 'type'])
  expect(err['message']).toBe('WRONGPASS for redis://***@host:1/2 again')
  expect(JSON.stringify(line)).not.toMatch(/hunter2|cr@et|79991/)
})

it('writes the parts of an AggregateError by the same rule', () => {
  const [line] = linesOf(
    'info',
    `const part = Object.assign(new Error('one'), { secret: 'hunter2' })
    log.warn({ err: new AggregateError([part], 'several') }, 'failed')`,
  )
  expect(line).toMatchObject({ err: { message: 'several', errors: [{ message: 'one' }] } })
  expect(JSON.stringify(line)).not.toContain('hunter2')
})

it('cuts what is endless', () => {
  const [line] = linesOf('info', `log.warn({ err: new Error('x'.repeat(1e6)) }, 'failed')`)
  expect(JSON.stringify(line).length).toBeLessThan(20_000)
})
