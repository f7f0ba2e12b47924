import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readFences } from '@runnel/checks/read-fences'
import { APP_NAMES, FAKE_GATEWAY, portVariable } from '@runnel/contracts/apps'
import { eventually, freePort, workspaceRoot } from '@runnel/testing'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { InstalledCli, type Ended, type RunningCommand } from './installed-cli.ts'

const START_MS = 300_000

let cli: InstalledCli
let server: RunningCommand
let settings: Record<string, string>
/** What a person has set who works with this Runnel. */
let mine: Record<string, string>

const run = (args: readonly string[], input = '', env = mine): Promise<Ended> => cli.run(args, env, input)

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

const parsed = (text: string): Record<string, unknown>[] =>
  lines(text).map((line) => JSON.parse(line) as Record<string, unknown>)

async function startServer(): Promise<RunningCommand> {
  const running = cli.start(['start'], settings)
  let isEnded = false
  void running.ended.then(() => (isEnded = true))
  await eventually(async () => {
    if (isEnded) throw new Error(running.out() + running.err())
    return running.out().includes('Runnel is ready')
  })
  return running
}

beforeAll(async () => {
  cli = new InstalledCli()
  settings = { AUTH: 'keys', IDENTITY_SECRET: 'x'.repeat(32), RUNNEL_DATA_DIR: join(cli.home, 'data') }
  for (const name of [...APP_NAMES.map(portVariable), FAKE_GATEWAY.portVariable])
    settings[name] = String(await freePort())
  server = await startServer()
  const key = /^ {2}(rnl_\S+)$/m.exec(server.out())![1]!
  const url = `http://127.0.0.1:${settings[portVariable('query-api')]}`
  mine = { RUNNEL_URL: url, RUNNEL_API_KEY: key }
}, START_MS)

afterAll(() => cli?.close(), START_MS)

describe('the package', () => {
  it('is one command, a bundle and two dependencies that no bundle can hold', () => {
    const manifest = JSON.parse(readFileSync(join(cli.root, 'package.json'), 'utf8')) as Record<
      string,
      object
    >
    expect(manifest).toMatchObject({
      name: 'runnel',
      bin: { runnel: 'runnel.js' },
      engines: { node: '>=24' },
    })
    expect(Object.keys(manifest['dependencies']!)).toEqual(['@electric-sql/pglite', '@node-rs/argon2'])
    expect(JSON.stringify(manifest)).not.toContain('@runnel/')
    for (const file of ['main.mjs', 'LICENSE', 'LICENCES.txt', 'README.md', 'files/libs/console/dist/web'])
      expect([file, existsSync(join(cli.root, file))]).toEqual([file, true])
  })

  it('says which Node.js it needs where that is an older one', async () => {
    const old = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' }); await import('${join(cli.root, 'runnel.js')}')`
    const { code, err } = await cli.shell(`node --input-type=module -e "${old}"`)
    expect([code, err]).toEqual([1, expect.stringContaining('runnel needs Node.js 24 or later')])
  })

  it('lists its commands, and describes each of them', async () => {
    const help = await run(['--help'])
    expect([help.code, help.err]).toEqual([0, ''])
    for (const command of ['start', 'tail', 'search', 'send', 'import', 'mailings', 'keys', 'doctor']) {
      expect(help.out).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'))
      expect(await run([command, '--help'])).toMatchObject({
        code: 0,
        out: expect.stringContaining(`Usage: runnel ${command}`),
      })
    }
  })

  it('serves the console', async () => {
    const page = await fetch(`${mine['RUNNEL_URL']}/console`)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script')])
  })
})

describe('send', () => {
  it('sends messages and JSON from its arguments', async () => {
    const sent = await run([
      'send',
      'logs',
      'order 7 was refused',
      '{"message":"order 8","level":"info"}',
      '--level',
      'error',
      '--service',
      'arguments',
      '--wait',
      'stored',
    ])
    expect(sent).toEqual({ code: 0, out: '', err: 'Delivered: 2 of logs\n' })
    const found = parsed((await run(['search', 'service:arguments', '--json'])).out)
    expect(found.map(({ message, level }) => [message, level]).sort()).toEqual([
      ['order 7 was refused', 'error'],
      ['order 8', 'info'],
    ])
  })

  it('sends lines of standard input with every digit, and names those that are none', async () => {
    const input = '{"message":"one","n":1.000000000000000000001}\nnothing\n\n{"message":"two"}\n[1]\n'
    const sent = await run(['send', 'logs', '--service', 'piped', '--wait', 'stored'], input)
    expect(sent.code).toBe(1)
    expect(lines(sent.err)).toEqual([
      'Delivered: 2 of logs, not delivered: 2',
      expect.stringMatching(/^ {2}line 2: bad_json/),
      expect.stringMatching(/^ {2}line 5: invalid_field/),
    ])
    const { out } = await run(['search', 'service:piped', '--json'])
    expect(lines(out)).toHaveLength(2)
    expect(out).toContain('"n":1.000000000000000000001')
  })

  it('reports as JSON what the server has refused', async () => {
    const { code, out } = await run(['send', 'metrics', '{"data":{"name":"m","value":"none"}}', '--json'])
    expect([code, JSON.parse(out)]).toEqual([
      1,
      {
        delivered: 0,
        undelivered: 1,
        retries: 0,
        problems: [expect.objectContaining({ position: 1, code: 'invalid_field', field: '/data/value' })],
      },
    ])
  })

  it.each([
    [['send', 'nothing'], /Allowed choices are metrics, logs, products, traces/],
    [['send', 'metrics', 'no json'], /This is no event: no json/],
    [['send', 'metrics', '--text'], /--text, --level and --service are for logs alone/],
    [['send', 'logs', 'x', '--ingest-url', 'ftp://x'], /expected a URL that starts with http/],
  ])('%j is wrong usage', async (args, expected) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(expected) })
  })

  it('ends with Ctrl-C though its input goes on, and says what it has sent', async () => {
    const { child, ended } = cli.start(['send', 'logs', '--text', '--service', 'endless'], mine)
    child.stdin!.write('the first\n')
    await eventually(async () => (await run(['search', 'service:endless'])).out.includes('the first'))
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130, err: 'Delivered: 1 of logs\n' })
  })
})

describe('search', () => {
  it('shows the newest first, and the cursor that goes on', async () => {
    const { code, out, err } = await run(['search', '--limit', '1', '--from', '-2h'])
    expect([code, lines(out)]).toEqual([0, [expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z \S+/)]])
    const [, rest] = /Go on with: (--cursor \S+ --to \S+)/.exec(err) ?? []
    const next = await run(['search', '--limit', '1', '--from', '-2h', ...rest!.split(' ')])
    expect(next.out).not.toBe(out)
    expect(lines(next.out)).toHaveLength(1)
  })

  it('says how far back was searched, and where the newest entry is that matches', async () => {
    const log = '{"message":"of yesterday","service":"past","timestamp":"2020-01-01T12:00:00Z"}'
    await run(['send', 'logs', log, '--wait', 'stored'])
    const { code, out, err } = await run(['search', 'service:past', '--from', '-1h'])
    expect([code, out]).toEqual([0, ''])
    expect(err).toMatch(/^0 entries; searched back to \S+Z, which is all of the range\.$/m)
    expect(err).toContain('search with --from 2020-01-01T12:00:00.000Z')
    expect(
      (await run(['search', 'service:past', '--from', '2020-01-01', '--to', '2020-01-02'])).out,
    ).toContain('of yesterday')
  })

  it('writes what a terminal would obey', async () => {
    await run([
      'send',
      'logs',
      '{"message":"a\\u001b[2Jb\\nc\\u202ed","service":"controls"}',
      '--wait',
      'stored',
    ])
    const { out } = await run(['search', 'service:controls'])
    expect(out).toContain('a\\u001b[2Jb\\nc\\u202ed')
    expect(out).not.toMatch(/\x1b/)
  })

  it.each([
    [['search', 'level:(error'], /closing \)[^]*level:\(error\n {8}\^/],
    [['search', '--from', 'soon'], /--from <time>.*expected now, -15m/],
    [['search', '--limit', '0'], /expected a whole number from 1/],
    [['search', '--cursor', 'nonsense'], /cursor/],
    [['search', 'one', 'two'], /too many arguments/],
    [['search', '--key', 'a b'], /--key holds no API key/],
    [['search', '--key-file', '/none'], /--key-file is \/none: expected a file that exists/],
    [['search', '--url', 'here'], /expected a URL that starts with http/],
    [['search', '--timeout', 'long'], /expected seconds/],
  ])('%j is wrong usage', async (args, expected) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(expected) })
  })

  it('gives errors as JSON too', async () => {
    const { code, err } = await run(['search', 'level:(error', '--json'])
    expect([code, JSON.parse(err)]).toEqual([
      2,
      { error: expect.objectContaining({ code: 'invalid_query', position: 6 }) },
    ])
  })

  it('can be piped to what reads one line', async () => {
    const many = Array.from(
      { length: 3000 },
      (_, i) => `{"message":"line ${i} ${'x'.repeat(200)}","service":"many"}`,
    )
    expect((await run(['send', 'logs', '--wait', 'stored'], many.join('\n'))).code).toBe(0)
    const { code, out, err } = await cli.shell('runnel search service:many --limit 3000 | head -n 1', mine)
    expect([code, lines(out)]).toEqual([0, [expect.stringContaining('line 2999')]])
    expect(err).not.toMatch(/EPIPE|Error/)
  })
})

describe('the connection', () => {
  it('needs a key that is accepted', async () => {
    const { RUNNEL_URL } = mine as { RUNNEL_URL: string }
    expect(await run(['search'], '', { RUNNEL_URL })).toMatchObject({
      code: 4,
      err: expect.stringContaining('Give an API key with --key-file or RUNNEL_API_KEY'),
    })
    const wrong = { RUNNEL_URL, RUNNEL_API_KEY: 'rnl_secretsecret' }
    const refused = await run(['search'], '', wrong)
    expect(refused.code).toBe(4)
    expect(refused.out + refused.err).not.toContain('secretsecret')
    const file = join(cli.home, 'key')
    writeFileSync(file, `${mine['RUNNEL_API_KEY']}\n`)
    expect(await run(['search', '--key-file', file], '', { RUNNEL_URL })).toMatchObject({ code: 0 })
    expect(await run(['search'], '', { RUNNEL_URL, RUNNEL_API_KEY_FILE: file })).toMatchObject({ code: 0 })
  })

  it('keeps a key that was given as an option out of the list of processes', async () => {
    const { RUNNEL_URL } = mine as { RUNNEL_URL: string }
    const { child, out, ended } = cli.start(['tail', '--key', mine['RUNNEL_API_KEY']!, '-n', '1'], {
      RUNNEL_URL,
    })
    await eventually(async () => out() !== '')
    const shown = execFileSync('ps', ['-o', 'args=', '-p', String(child.pid)], { encoding: 'utf8' })
    expect(shown).toContain('runnel tail')
    expect(shown).not.toContain('rnl_')
    child.kill('SIGTERM')
    expect((await ended).code).toBe(143)
  })

  it('names what does not answer, and within which time', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    expect(await run(['search', '--url', url])).toMatchObject({
      code: 3,
      err: expect.stringMatching(/is not reached: nothing listens there[^]*runnel start/),
    })
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    try {
      const mute = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
      expect(await run(['search', '--url', mute, '--timeout', '0.2'])).toMatchObject({
        code: 3,
        err: expect.stringContaining(`${mute} did not answer within 0.2 s`),
      })
    } finally {
      silent.close()
    }
  })
})

describe('import', () => {
  const file = (name: string, text: string): string => {
    const path = join(cli.home, name)
    writeFileSync(path, text)
    return path
  }

  it('takes clients in, and names wrong lines', async () => {
    const clients = file(
      'people.csv',
      'phone,tag,timeZone,name\n79161234567,cli,Europe/Moscow,Ann\nnone,cli,Europe/Moscow,Bob\n',
    )
    const { code, out, err } = await run(['import', 'clients', clients])
    expect([code, out]).toEqual([1, ''])
    expect(lines(err)).toEqual([
      '2 lines: 1 created, 0 updated, 0 unchanged, 1 rejected',
      expect.stringMatching(/^ {2}line 3: \w+ \(phone\)/),
    ])
    const again = await run(
      ['import', 'clients', '-', '--format', 'ndjson', '--json'],
      '{"phone":"79161234567","tag":"cli"}\n',
    )
    expect([again.code, JSON.parse(again.out)]).toEqual([
      0,
      expect.objectContaining({ rows: 1, unchanged: 1 }),
    ])
  })

  it('puts phones on the suppression list', async () => {
    const phones = file('phones.csv', 'phone\n79160000001\n')
    expect(await run(['import', 'suppressions', phones])).toMatchObject({
      code: 0,
      err: '1 lines: 1 added, 0 unchanged, 0 rejected\n',
    })
  })

  it('sends the events of files, and the same file again stores nothing twice', async () => {
    const log = file('app.log', 'first line of app.log\nsecond line of app.log\n')
    const products = file(
      'products.ndjson',
      '{"id":701,"name":"ink","price":3,"manufacturer":"cli"}\n{"id":702}\n',
    )
    for (const _ of [1, 2])
      expect(await run(['import', 'logs', log, '--wait', 'stored'])).toMatchObject({ code: 0 })
    expect(lines((await run(['search', '"line of app.log"', '--json'])).out)).toHaveLength(2)
    const imported = await run(['import', 'products', products, '--wait', 'stored', '--json'])
    expect([imported.code, JSON.parse(imported.out)]).toEqual([
      1,
      expect.objectContaining({ delivered: 1, undelivered: 1 }),
    ])
  })

  it.each([
    [['import', 'clients', '/none.csv'], /\/none.csv: expected a file that exists/],
    [['import', 'clients', 'people'], /its name does not say what it holds[^]*--format csv/],
    [['import', 'logs', '/none.log'], /expected a file that exists/],
    [
      ['import', 'metrics', 'people.csv'],
      /^error: people.csv: the first line has to be "timestamp,value"\n$/,
    ],
    [['import', 'people', 'x.csv'], /Allowed choices are clients, suppressions/],
    [['import', 'suppressions', 'x.csv', '--time-zone', 'UTC'], /--time-zone is for clients alone/],
  ])('%j is wrong usage', async (args, expected) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(expected) })
  })
})

describe('mailings', () => {
  const create = (window: string) => [
    'mailings',
    'create',
    '--name',
    'Sale',
    '--text',
    'Hello {{ attributes.name }}',
    '--tag',
    'cli',
    '--end',
    '+7d',
    '--window',
    window,
  ]
  /** An hour of the client's day (Moscow, UTC+3) that is four hours away or more: nothing is sent during the test, whenever it runs. */
  const closedWindow = (): string => {
    const hour = (new Date().getUTCHours() + 3) % 24
    return hour >= 6 && hour < 18 ? '22:00-23:00' : '12:00-13:00'
  }

  it('shows whom it reaches, and does nothing before it is confirmed', async () => {
    const { code, out, err } = await run(create('09:00-21:00'))
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(
      /It reaches 1 client\.\n {2}\S*79161234567 {2}Hello Ann\nIt is sent from 09:00 to 21:00/,
    )
    expect(err).toMatch(/nothing was done\nGive --yes/)
    expect((await run(['mailings', 'list'])).out).not.toContain('Sale')
  })

  it('is created, tested, started, paused, resumed and cancelled', async () => {
    const created = await run([...create(closedWindow()), '--draft', '--json'])
    const { id } = JSON.parse(created.out) as { id: number }
    const test = await run(['mailings', 'test', String(id), '--phone', '79161234567'])
    expect(test).toMatchObject({ code: 0, err: expect.stringMatching(/^The test is mailing \d+/) })
    for (const [name, status] of [
      ['start', 'running|scheduled'],
      ['pause', 'paused'],
      ['resume', 'running'],
      ['cancel', 'cancelled'],
    ] as const)
      expect(await run(['mailings', name, String(id)])).toMatchObject({
        code: 0,
        out: expect.stringMatching(new RegExp(`^Status +(${status})`, 'm')),
      })
    expect(await run(['mailings', 'list', '--status', 'cancelled'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(new RegExp(`^${id} +cancelled +Sale`, 'm')),
    })
    expect(JSON.parse((await run(['mailings', 'show', String(id), '--json'])).out)).toMatchObject({
      id,
      stats: { id },
    })
    expect(await run(['mailings', 'pause', String(id)])).toMatchObject({
      code: 1,
      err: expect.stringContaining('cancelled'),
    })
  })

  it('is sent to whom it is for, with --yes', async () => {
    const sent = await run([
      'mailings',
      'create',
      '--text',
      'Now',
      '--tag',
      'cli',
      '--end',
      '+7d',
      '--yes',
      '--json',
    ])
    expect(sent.code).toBe(0)
    expect(JSON.parse(sent.out)).toMatchObject({ text: 'Now', filter: { tags: ['cli'] } })
  })

  it.each([
    [['mailings', 'create', '--text', 'x'], /--end <time>/],
    [['mailings', 'create', '--end', '+7d'], /Give either --text or --text-file/],
    [
      ['mailings', 'create', '--text', 'x', '--end', '+7d', '--window', 'day'],
      /expected hours such as 09:00-21:00/,
    ],
    [['mailings', 'create', '--text', '{{ x', '--end', '+7d'], /text/],
    [['mailings', 'show', 'none'], /expected a whole number from 1/],
    [['mailings', 'test', '1'], /with --phone or --client/],
    [['mailings', 'list', '--status', 'none'], /draft, scheduled/],
    [['mailings', 'fly'], /unknown command 'fly'/],
  ])('%j is wrong usage', async (args, expected) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(expected) })
  })

  it('that is not there is named', async () => {
    expect(await run(['mailings', 'show', '999999'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('999999'),
    })
  })
})

describe('keys', () => {
  it('are created, used, rotated and revoked', async () => {
    const { RUNNEL_URL } = mine as { RUNNEL_URL: string }
    const created = await run(['keys', 'create', '--name', 'reader', '--scopes', 'logs:read'])
    expect(created).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^rnl_\S+\n$/),
      err: expect.stringContaining('shown this once'),
    })
    const reader = { RUNNEL_URL, RUNNEL_API_KEY: created.out.trim() }
    await eventually(async () => (await run(['search'], '', reader)).code === 0)
    expect(await run(['keys', 'list'], '', reader)).toMatchObject({
      code: 4,
      err: expect.stringContaining('scope'),
    })
    const list = await run(['keys', 'list', '--json'])
    const { id } = parsed(list.out).find(({ name }) => name === 'reader') as { id: string }
    const rotated = await run(['keys', 'rotate', id, '--overlap', '0'])
    expect(rotated).toMatchObject({ code: 0, err: expect.stringContaining('The old secret has ended') })
    expect(await run(['keys', 'revoke', id])).toMatchObject({
      code: 0,
      err: expect.stringContaining('Revoked: reader'),
    })
    expect((await run(['keys', 'list'])).out).toMatch(new RegExp(`^${id} +revoked`, 'm'))
  })

  it.each([
    [['keys', 'create', '--name', 'x'], /Give either --scopes or --role/],
    [['keys', 'create', '--name', 'x', '--scopes', 'everything'], /"everything" is no scope/],
    [['keys', 'create', '--scopes', 'logs:read'], /--name/],
    [['keys', 'rotate', 'aaaaaaaaaaaaaaaa', '--overlap', 'long'], /--overlap long: expected a number/],
  ])('%j is wrong usage', async (args, expected) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(expected) })
  })

  it('that are not there are named', async () => {
    expect(await run(['keys', 'revoke', 'aaaaaaaaaaaaaaaa'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('key'),
    })
  })
})

describe('doctor', () => {
  it('looks at every app, server and clock, and finds nothing broken', async () => {
    const { code, out } = await run(['doctor', '--json', '--data-dir', settings['RUNNEL_DATA_DIR']!])
    const found = new Map(parsed(out).map(({ check, status }) => [check, status]))
    expect(code).toBe(0)
    for (const app of APP_NAMES) expect([app, found.get(`app ${app}`)]).toEqual([app, 'ok'])
    for (const check of [
      'address',
      'key',
      'version',
      'ingest',
      'clock',
      'server postgres',
      'server broker',
      'backlog logs',
      'sending',
      'dead letters',
    ])
      expect([check, found.get(check)]).toEqual([check, 'ok'])
    expect(found.has('disk')).toBe(true)
  })

  it('says what to do where Runnel does not answer', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const { code, out } = await run(['doctor', '--url', url])
    expect([code, out]).toEqual([
      3,
      expect.stringMatching(
        /^problem +address: .*nothing listens there\n +-> Start Runnel with: runnel start/,
      ),
    ])
  })

  it('says what to do where events cannot be sent from here, and which scope a key lacks', async () => {
    const ingest = `http://127.0.0.1:${await freePort()}`
    const broken = await run(['doctor', '--ingest-url', ingest])
    expect([broken.code, broken.out]).toEqual([
      1,
      expect.stringMatching(/^problem +ingest: .*\n +-> Name the address/m),
    ])
    const key = (await run(['keys', 'create', '--name', 'writer', '--scopes', 'logs:write'])).out.trim()
    const writer = { RUNNEL_URL: mine['RUNNEL_URL']!, RUNNEL_API_KEY: key }
    await eventually(async () =>
      (await run(['doctor'], '', writer)).out.includes('lacks the scope system:read'),
    )
  })

  it('finds wrong settings and servers that this machine does not reach', async () => {
    const nowhere = `127.0.0.1:${await freePort()}`
    const wrong = {
      ...mine,
      RETENTION_DAYS: '0',
      DATABASE_URL: `postgres://none@${nowhere}/none`,
      NATS_URL: `nats://${nowhere}`,
      REDIS_URL: `redis://${nowhere}`,
    }
    const { code, out } = await run(['doctor', '--local', '--json'], '', wrong)
    const found = parsed(out)
    const of = (check: string) => found.find((finding) => finding['check'] === check)
    expect(code).toBe(1)
    expect(of('settings consumer')).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('RETENTION_DAYS'),
    })
    expect(of('settings query-api')).toMatchObject({ status: 'ok' })
    expect(of('from here postgres')).toMatchObject({
      status: 'problem',
      advice: expect.stringContaining('DATABASE_URL'),
    })
    expect(of('from here broker')).toMatchObject({
      status: 'problem',
      advice: expect.stringContaining('NATS_URL'),
    })
    expect(of('from here redis')).toMatchObject({
      status: 'warning',
      advice: expect.stringContaining('REDIS_URL'),
    })
  })
})

describe('tail and start', () => {
  it('shows what was, and then what comes, and ends when nobody reads it', async () => {
    await run(['send', 'logs', 'before', '--service', 'tailed', '--wait', 'stored'])
    const { child, out, ended } = cli.start(['tail', 'service:tailed', '--json'], mine)
    await eventually(async () => out().includes('before'))
    await run(['send', 'logs', 'another', '--service', 'other', '--wait', 'stored'])
    await run([
      'send',
      'logs',
      '{"message":"after","n":0.10000000000000000000001}',
      '--service',
      'tailed',
      '--wait',
      'stored',
    ])
    await eventually(async () => out().includes('after'))
    expect(parsed(out()).map(({ message }) => message)).toEqual(['before', 'after'])
    expect(out()).toContain('"n":0.10000000000000000000001')
    child.stdout!.destroy()
    await run(['send', 'logs', 'unread', '--service', 'tailed', '--wait', 'stored'])
    expect(await ended).toMatchObject({ code: 0, err: '' })
  })

  it.each([
    [['tail', 'level:(error'], 2, /closing \)/],
    [['tail', '--lines', 'all'], 2, /expected a whole number from 0/],
  ])('%j is wrong usage', async (args, code, expected) => {
    expect(await run(args)).toMatchObject({ code, out: '', err: expect.stringMatching(expected) })
  })

  it('goes on over a restart of Runnel, which drains on SIGTERM and has all its data again', async () => {
    const tail = cli.start(['tail', 'service:restarted', '-n', '0'], mine)
    await eventually(async () => {
      await run(['send', 'logs', 'before the restart', '--service', 'restarted', '--wait', 'stored'])
      return tail.out().includes('before the restart')
    })
    server.child.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0, err: '' })
    server = await startServer()
    await run(['send', 'logs', 'after the restart', '--service', 'restarted', '--wait', 'stored'])
    await eventually(async () => tail.out().includes('after the restart'))
    expect(tail.err()).toMatch(/Connecting again in /)
    tail.child.kill('SIGINT')
    expect((await tail.ended).code).toBe(130)
    expect((await run(['search', 'service:arguments'])).out).toContain('order 7 was refused')
  })

  it('starts nothing with settings that are wrong', async () => {
    const wrong = await cli.run(['start'], { ...settings, RETENTION_DAYS: '0' })
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('RETENTION_DAYS')])
    const missing = await cli.run(['start', '--settings', '/none'])
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('--settings is /none') })
  })
})

describe('the documentation', () => {
  const pages = ['docs/CLI.md', 'README.md', 'tools/cli/README.md']
  const commands = pages.flatMap((page) =>
    readFences(readFileSync(join(workspaceRoot, page), 'utf8'))
      .filter(
        ({ language, lines: block }) =>
          language === 'sh' && block.some((line) => /\brunnel [a-z]/.test(line)),
      )
      .flatMap(({ line, lines: block }) => block.map((text, at) => ({ where: `${page}:${line + at}`, text })))
      .filter(({ text }) => text !== '' && !text.startsWith('#'))
      // npx would ask a registry; the server runs already.
      .map(({ where, text }) => ({ where, text: text.replace(/^npx /, '') }))
      .filter(({ text }) => !/^(runnel start|docker|npm)\b/.test(text)),
  )

  it('has examples of every command', () => {
    const shown = commands.map(({ text }) => text).join('\n')
    for (const command of ['tail', 'search', 'send', 'import', 'mailings', 'keys', 'doctor'])
      expect(shown).toContain(`runnel ${command} `.trimEnd())
  })

  it.each(commands.filter(({ text }) => !text.startsWith('runnel tail')))(
    '$where works as it is written: $text',
    async ({ text }) => {
      const { code, out, err } = await cli.shell(text, mine)
      expect([code, out, err]).toEqual([0, expect.any(String), expect.not.stringContaining('error')])
    },
  )

  it.each(commands.filter(({ text }) => text.startsWith('runnel tail')))(
    '$where follows: $text',
    async ({ text }) => {
      const { child, out, ended } = cli.startLine(text, mine)
      await eventually(async () => out() !== '')
      child.kill('SIGINT')
      expect((await ended).code).toBe(130)
    },
  )
})
