import { describe, expect, it } from '@jest/globals'
import type { JsonObject } from '../json-value.ts'
import { LOG_COLUMN_MEMBERS, readLogColumns } from './read-log-columns.ts'

const AT = '2026-11-29T18:59:59.123Z'
const AT_MS = Date.parse(AT)

const read = (text: string) => readLogColumns(JSON.parse(text) as JsonObject)

/** What the loggers really write. */
const LOGGERS: readonly (readonly [logger: string, text: string, level: string, service: string | null])[] = [
  [
    'pino',
    `{"level":30,"time":${AT_MS},"pid":7,"hostname":"h","name":"shop","msg":"started"}`,
    'info',
    'shop',
  ],
  [
    'pino without a name',
    `{"level":50,"time":${AT_MS},"pid":7,"hostname":"h","msg":"started"}`,
    'error',
    null,
  ],
  [
    'bunyan',
    `{"name":"shop","hostname":"h","pid":7,"level":40,"msg":"started","time":"${AT}","v":0}`,
    'warn',
    'shop',
  ],
  ['zap', `{"level":"info","ts":${AT_MS / 1000},"caller":"a.go:1","msg":"started"}`, 'info', null],
  ['zap, panicking', `{"level":"dpanic","ts":"${AT}","logger":"x","msg":"started"}`, 'fatal', null],
  ['winston', `{"level":"silly","message":"started","service":"shop","timestamp":"${AT}"}`, 'trace', 'shop'],
  [
    'ECS',
    `{"@timestamp":"${AT}","log.level":"WARN","message":"started","service.name":"shop","ecs.version":"8.10"}`,
    'warn',
    'shop',
  ],
  [
    'ECS, nested',
    `{"@timestamp":"${AT}","log":{"level":"error"},"message":"started","service":{"name":"shop"}}`,
    'error',
    'shop',
  ],
  [
    'GELF',
    `{"version":"1.1","host":"web-1","short_message":"started","timestamp":${AT_MS / 1000},"level":3,"_user":1}`,
    'error',
    'web-1',
  ],
  [
    'GELF with text',
    `{"version":"1.1","host":"web-1","short_message":"started","timestamp":${AT_MS / 1000},"level":"6"}`,
    'info',
    'web-1',
  ],
  [
    'Python',
    `{"levelname":"CRITICAL","message":"started","timestamp":"2026-11-29 18:59:59,123","app":"shop"}`,
    'fatal',
    'shop',
  ],
  ['Serilog', `{"@t":"${AT}","@l":"Warning","@m":"started"}`, 'warn', null],
  ['Google Cloud', `{"severity":"CRITICAL","time":"${AT}","message":"started"}`, 'fatal', null],
  ['Monolog', `{"message":"started","level":200,"level_name":"INFO","timestamp":"${AT}"}`, 'info', null],
  ['Fluent Bit', `{"date":${AT_MS / 1000},"log":"started","severity":"err"}`, 'error', null],
  ['logfmt', `{"message":"time=${AT} level=warning msg=\\"started\\" service=shop port=80"}`, 'warn', 'shop'],
  ['go-kit', `{"message":"ts=${AT} caller=a.go:1 level=info msg=started"}`, 'info', null],
  ['hclog', `{"@level":"warn","@message":"started","@module":"core","@timestamp":"${AT}"}`, 'warn', null],
  [
    'journald',
    `{"__REALTIME_TIMESTAMP":"${AT_MS}456","PRIORITY":"3","MESSAGE":"started","SYSLOG_IDENTIFIER":"sshd"}`,
    'error',
    'sshd',
  ],
  [
    'tracing (Rust)',
    `{"timestamp":"${AT}","level":"WARN","fields":{"message":"started","n":1},"target":"x"}`,
    'warn',
    null,
  ],
  [
    'Monolog, by default',
    `{"message":"started","level":400,"level_name":"ERROR","channel":"app","datetime":"${AT}"}`,
    'error',
    null,
  ],
  [
    'Log4j',
    `{"instant":{"epochSecond":${Math.floor(AT_MS / 1000)},"nanoOfSecond":123999999},"level":"WARN","message":"started"}`,
    'warn',
    null,
  ],
  [
    'Protocol Buffers',
    `{"severity":"ERROR","message":"started","timestamp":{"seconds":"${Math.floor(AT_MS / 1000)}","nanos":123000000}}`,
    'error',
    null,
  ],
  [
    'zerolog without a level',
    `{"level":"","severity":"info","service":" ","time":${AT_MS},"message":"started"}`,
    'info',
    null,
  ],
  ['nanoseconds', `{"level":"INFO","message":"started","ts":"${AT_MS}456789"}`, 'info', null],
]

describe('readLogColumns', () => {
  it.each(LOGGERS)('reads what %s writes', (_, text, level, service) => {
    expect(read(text)).toEqual({ level, service, message: 'started', timeMs: AT_MS, timeUnread: false })
  })

  it.each(LOGGERS)('reads all but the time from the members that are known for it: %s', (_, text) => {
    const entry = JSON.parse(text) as JsonObject
    const some = Object.fromEntries(Object.entries(entry).filter(([name]) => LOG_COLUMN_MEMBERS.has(name)))
    const { level, service, message } = readLogColumns(entry)
    expect(readLogColumns(some)).toMatchObject({ level, service, message })
  })

  it('leaves empty what an entry does not say', () => {
    const nothing = { level: null, service: null, message: null, timeMs: undefined, timeUnread: false }
    expect(read('{}')).toEqual(nothing)
    expect(
      read('{"a":1,"name":"x","host":"y","date":"2026-11-29","log":{"x":1},"service":{},"msg":{}}'),
    ).toEqual(nothing)
    expect(read('{"level":null,"message":null,"timestamp":null,"service":null}')).toEqual(nothing)
    expect(read('{"__proto__":{"level":"info"}}')).toEqual(nothing)
    expect(
      read(
        '{"level":"","service":"","PRIORITY":"8","MESSAGE":[1],"fields":{"message":1},"instant":"now","datetime":"2026-01-01"}',
      ),
    ).toEqual(nothing)
  })

  it.each([
    '"yesterday"',
    '{}',
    '{"seconds":1e400}',
    '{"seconds":1,"nanos":-1}',
    'true',
    '"2026-02-30"',
    '20261329185959',
    '1e300',
  ])('says so where the time %s cannot be read', (time) => {
    expect(read(`{"timestamp":${time}}`)).toMatchObject({ timeMs: undefined, timeUnread: true })
    expect(read(`{"time":${time}}`)).toMatchObject({ timeMs: undefined, timeUnread: true })
    expect(read(`{"timestamp":${time},"ts":"${AT}"}`)).toMatchObject({ timeMs: AT_MS, timeUnread: false })
  })

  it('takes small numbers for a time only in `timestamp`: elsewhere they are durations', () => {
    expect(read('{"time":35}')).toMatchObject({ timeMs: undefined, timeUnread: false })
    expect(read('{"timestamp":35}')).toMatchObject({ timeMs: 35_000, timeUnread: false })
  })

  it('reads numbers that keep their text by their value', () => {
    const entry = { level: JSON.rawJSON('30.0'), name: 'shop', time: JSON.rawJSON(`${AT_MS}456789`) }
    expect(readLogColumns(entry)).toMatchObject({ level: 'info', service: 'shop', timeMs: AT_MS })
    expect(readLogColumns({ time: JSON.rawJSON('35.0') })).toMatchObject({
      timeMs: undefined,
      timeUnread: false,
    })
  })

  it('keeps the name of a level outside of the table, and the digits of a number', () => {
    expect(read('{"level":"NOTICE"}').level).toBe('notice')
    expect(read('{"level":35}').level).toBe('35')
    expect(read('{"level":3,"short_message":"x"}').level).toBe('error')
    expect(read('{"level":3}').level).toBe('3')
  })

  it('takes a sentence with an equals sign for no logfmt', () => {
    for (const message of ['set level=5 for x', 'a=b', 'x = level=1', 'mylevel=info', 'a=1 mylevel=2'])
      expect(read(JSON.stringify({ message }))).toMatchObject({ level: null, message })
  })

  it('leaves out a text that is too long for an index, where the contract does not refuse it', () => {
    const long = 'x'.repeat(600)
    expect(read(JSON.stringify({ severity: long, app: long, 'service.name': 'shop' }))).toMatchObject({
      level: null,
      service: 'shop',
    })
  })

  it('ends soon on a line of logfmt without an end', () => {
    const open = `a="${'\\"'.repeat(500_000)}`
    expect(read(JSON.stringify({ message: `level=info ${open}` })).level).toBe('info')
    expect(read(JSON.stringify({ message: 'a=b '.repeat(250_000) })).level).toBeNull()
  })
})
