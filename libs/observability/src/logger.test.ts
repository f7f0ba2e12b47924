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
