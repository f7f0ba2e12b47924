import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { gzipSync } from 'node:zlib'
import { startIngest, type Ingest } from './ingest.ts'

const post = (
  ingest: Ingest,
  body: string | Buffer,
  url = '/api/v2/write',
  headers: Record<string, string> = {},
) => ingest.post(url, body, { 'content-type': 'text/plain; charset=utf-8', ...headers })

async function consumed(ingest: Ingest, count: number) {
  await eventually(() => ingest.consumed.length >= count)
  expect(ingest.consumed).toHaveLength(count)
  return ingest.consumed.map(({ data }) => (data as { data: Record<string, unknown> }).data)
}

const AT = '1795953600007000001'
const TIME = '2026-11-29T12:00:00.007000001Z'

describe('line protocol', () => {
  it('makes a metric of each field, with all digits', async () => {
    await using ingest = await startIngest()
    const line = `room,city=Köln float=1.5,int=-7i,uint=18446744073709551615u,ok=T,no=false,text="a \\"b\\" \\\\ \\c" ${AT}\n`
    const answer = await post(ingest, line)
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    const rest = { tags: { city: 'Köln' }, timestamp: TIME }
    const found = await consumed(ingest, 6)
    expect(found.map(({ name }) => name)).toEqual(
      ['float', 'int', 'uint', 'ok', 'no', 'text'].map((field) => `room_${field}`),
    )
    expect(found[0]).toEqual({ name: 'room_float', value: 1.5, ...rest })
    expect(found[1]).toMatchObject({ value: -7 })
    expect(JSON.stringify(found[2])).toContain('"value":18446744073709551615')
    expect(found[2]).toMatchObject({ exact: '18446744073709551615' })
    expect(found[3]).toMatchObject({ value: 1, boolean: true })
    expect(found[4]).toMatchObject({ value: 0, boolean: false })
    expect(found[5]).toEqual({ name: 'room_text', text: 'a "b" \\ \\c', ...rest })
  })

  it('reads names with escapes, texts with line breaks, blank lines and comments', async () => {
    await using ingest = await startIngest()
    const body = [
      '# a comment',
      '',
      `my\\ room\\,1,city\\ name=K\\=1\\,\\ x,path=C:\\temp va\\=l=1,t="a\nb" ${AT}\r`,
      `   plain x=2   ${AT}  `,
      '#',
    ].join('\n')
    expect((await post(ingest, body)).statusCode).toBe(204)
    expect(await consumed(ingest, 3)).toEqual([
      {
        name: 'my room,1_va=l',
        value: 1,
        tags: { 'city name': 'K=1, x', path: 'C:\\temp' },
        timestamp: TIME,
      },
      {
        name: 'my room,1_t',
        text: 'a\nb',
        tags: { 'city name': 'K=1, x', path: 'C:\\temp' },
        timestamp: TIME,
      },
      { name: 'plain_x', value: 2, tags: {}, timestamp: TIME },
    ])
  })

  it('takes the same bytes for a repetition only where they say the same', async () => {
    await using ingest = await startIngest()
    const line = 'room t=1 1795953600'
    for (const precision of ['s', 'ms', 's'])
      expect((await post(ingest, line, `/api/v2/write?precision=${precision}`)).statusCode).toBe(204)
    await consumed(ingest, 3)
    const [inSeconds, inMilliseconds, again] = ingest.consumed.map(({ key }) => key)
    expect(inMilliseconds).not.toBe(inSeconds)
    expect(again).toBe(inSeconds)
  })

  it('names the lines that are wrong, and keeps the others', async () => {
    await using ingest = await startIngest()
    const bad = [
      'x',
      'x y',
      'x y=',
      'x y=1x',
      'x y=NaN',
      'x y=9223372036854775808i',
      'x y=-1u',
      'x,a y=1',
      'x,a=1,a=2 y=1',
      'x y="a',
      'x y=1 soon',
      'x y=1 99999999999999999999',
    ]
    const answer = await post(
      ingest,
      `good y=1\n${bad.slice(0, 9).join('\n')}\ngood y=2\n${bad.slice(10).join('\n')}\n`,
    )
    expect(answer.statusCode).toBe(400)
    const { code, message } = answer.json<{ code: string; message: string }>()
    expect(code).toBe('invalid')
    expect(message).toMatch(/^partial write: line 2: .+; line 13: The time is no whole number$/)
    expect((await consumed(ingest, 2)).map(({ value }) => value)).toEqual([1, 2])
  })

  it.each([
    ['valid', ''],
    ['damaged', '\nb x=\xff'],
  ])('a byte order mark before a %s body is not content', async (_, rest) => {
    await using ingest = await startIngest()
    await post(ingest, Buffer.concat([Buffer.from('\ufeffa x=1'), Buffer.from(rest, 'latin1')]))
    expect((await consumed(ingest, 1)).map(({ name }) => name)).toEqual(['a_x'])
  })

  it('a line that is no UTF-8 costs itself', async () => {
    await using ingest = await startIngest()
    const body = Buffer.concat([
      Buffer.from('a x=1\n\n# a comment\n\r\nb x='),
      Buffer.from([0xff]),
      Buffer.from('\n\nc x=3\nd x'),
    ])
    const answer = await post(ingest, body)
    expect(answer.json<{ message: string }>().message).toMatch(/^partial write: line 5: .+; line 8: /)
    expect((await consumed(ingest, 2)).map(({ name }) => name)).toEqual(['a_x', 'c_x'])
  })

  it.each<[string, string, string]>([
    ['/api/v2/write?precision=ns', AT, TIME],
    ['/api/v2/write?precision=us', '1795953600007001', '2026-11-29T12:00:00.007001Z'],
    ['/api/v2/write?precision=ms', '1795953600007', '2026-11-29T12:00:00.007Z'],
    ['/api/v2/write?precision=s', '1795953600', '2026-11-29T12:00:00Z'],
    ['/api/v2/write?precision=s', '0', '1970-01-01T00:00:00Z'],
    ['/api/v2/write?precision=ms', '-1', '1969-12-31T23:59:59.999Z'],
    ['/write?precision=n', AT, TIME],
    ['/write?precision=h', '498876', '2026-11-29T12:00:00Z'],
    ['/api/v3/write_lp?precision=microsecond', '1795953600007001', '2026-11-29T12:00:00.007001Z'],
    ['/api/v3/write_lp', '1795953600', '2026-11-29T12:00:00Z'],
    ['/api/v3/write_lp', AT, TIME],
  ])('%s reads the time %s', async (url, digits, time) => {
    await using ingest = await startIngest()
    expect((await post(ingest, `x y=1 ${digits}`, url)).statusCode).toBe(204)
    expect(await consumed(ingest, 1)).toEqual([expect.objectContaining({ timestamp: time })])
  })

  it('keeps whose it is as tags, and reads gzip', async () => {
    await using ingest = await startIngest()
    const gzip = { 'content-encoding': 'gzip' }
    await post(ingest, gzipSync('x,bucket=own y=1'), '/api/v2/write?org=shop&bucket=b', gzip)
    await post(ingest, 'x y=2', '/write?db=d&rp=r', { 'content-type': 'application/x-www-form-urlencoded' })
    const tags = (await consumed(ingest, 2)).map((data) => data['tags'])
    expect(tags).toEqual([{ org: 'shop', bucket: 'own' }, { db: 'd' }])
  })

  it('gives equal bodies the same keys, unless a line has no time', async () => {
    await using ingest = await startIngest()
    for (const body of [`x y=1 ${AT}`, `x y=1 ${AT}`, 'x y=1']) await post(ingest, body)
    await consumed(ingest, 3)
    const [first, second, third] = ingest.consumed.map(({ key }) => key)
    expect(first).toBeDefined()
    expect([second, third]).toEqual([first, undefined])
  })
})

describe('what clients of InfluxDB ask', () => {
  it('is answered before they write', async () => {
    await using ingest = await startIngest()
    expect((await ingest.inject('/ping')).statusCode).toBe(204)
    expect((await ingest.inject({ method: 'HEAD', url: '/ping' })).statusCode).toBe(204)
    expect((await ingest.inject('/health')).json()).toMatchObject({ status: 'pass' })
    expect((await post(ingest, '')).statusCode).toBe(204)
  })

  it.each<[string, object]>([
    ['/api/v2/write?precision=d', { code: 'invalid', message: 'The precision is not known' }],
    ['/write?precision=d', { error: 'The precision is not known' }],
    ['/api/v3/write_lp?precision=d', { error: 'The precision is not known' }],
  ])('%s is refused in the words of its version', async (url, body) => {
    await using ingest = await startIngest()
    const answer = await post(ingest, 'x y=1', url)
    expect([answer.statusCode, answer.json()]).toEqual([400, body])
  })

  it('while there is too much to do is 503', async () => {
    await using ingest = await startIngest({ env: { QUEUE_LIMIT_EVENTS: '1' } })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => post(ingest, `x y=${i}`)))
    const busy = answers.find(({ statusCode }) => statusCode !== 204)
    expect([busy?.statusCode, busy?.headers['retry-after']]).toEqual([503, '1'])
    expect(busy?.json()).toMatchObject({ code: 'unavailable' })
  })
})
