import { describe, expect, it } from '@jest/globals'
import { AppError } from '@runnel/contracts'
import { openFile } from './open-file.ts'
import { createCsvParser, createNdjsonParser, type ParsedRow, type ParserOptions } from './row-parsers.ts'

interface Sent extends Partial<ParserOptions> {
  readonly type?: string
  readonly charset?: string
  /** Bytes that arrive at a time. */
  readonly pieces?: number
}

interface ReadFile {
  readonly format: string
  readonly charset: string | undefined
  readonly rows: readonly ParsedRow[]
}

/** Reads a file as an import does, without storing it. */
async function read(file: Buffer | string, sent: Sent = {}): Promise<ReadFile> {
  const { type = 'text/csv', charset, pieces = 3, ...options } = sent
  const bytes = Buffer.from(file)
  async function* arrive(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += pieces) yield bytes.subarray(at, at + pieces)
  }
  const opened = await openFile(arrive(), { contentType: type, charset })
  const parser = (opened.format === 'csv' ? createCsvParser : createNdjsonParser)({
    maxRowBytes: 8000,
    ...options,
  })
  const rows: ParsedRow[] = []
  for await (const text of opened.text) rows.push(...parser.push(text))
  rows.push(...parser.end())
  return { format: opened.format, charset: opened.charset?.toLowerCase(), rows }
}

async function refusal(file: Buffer | string, sent?: Sent): Promise<string> {
  try {
    await read(file, sent)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return `${error.code}: ${error.message}; ${error.details.expected}`
  }
  throw new Error('The file was taken')
}

/** What a client of a row has of phone, tag, zone and name; or what is wrong with it. */
function brief(row: ParsedRow): readonly unknown[] {
  if ('error' in row) return [row.error.line, row.error.message]
  return [row.phone, row.tag, row.attributes?.['name']].filter((value) => value !== undefined)
}

const briefly = async (file: Buffer | string, sent?: Sent) => (await read(file, sent)).rows.map(brief)

/** Text in an encoding of one byte for each character. */
function encode(text: string, encoding: string): Buffer {
  const decoder = new TextDecoder(encoding)
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Buffer.from([byte])), byte]))
  return Buffer.from(Array.from(text, (character) => bytes.get(character)!))
}

const utf16 = (text: string, order: 'le' | 'be') => {
  const bytes = Buffer.from(text, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}

const FILE = 'phone,tag,name\n79160000001,vip,Анна\n79160000002,,Пётр\n'
const ROWS = [
  [79_160_000_001, 'vip', 'Анна'],
  [79_160_000_002, '', 'Пётр'],
]

describe('a file of CSV', () => {
  it.each([
    ['blanks around cells and names', ' phone , tag\n 79160000001 , vip \u00a0\n'],
    ['a byte order mark', '\ufeffphone,tag\n79160000001,vip'],
    ['CRLF', 'phone,tag\r\n79160000001,vip\r\n'],
    ['CR alone', 'phone,tag\r79160000001,vip\r'],
    ['CR alone, and none at the end', 'phone,tag\r79160000001,vip'],
    ['semicolons', 'phone;tag\n79160000001;vip'],
    ['tabs', 'phone\ttag\n79160000001\tvip'],
    ['bars', 'phone|tag\n79160000001|vip'],
    ['a line that names the separator', 'sep=;\r\nphone;tag\r\n79160000001;vip\r\n'],
    ['that after a byte order mark', '\ufeffsep=;\nphone;tag\n79160000001;vip'],
    ['quotes around everything', '"phone","tag"\n"79160000001","vip"'],
    ['formulas that keep text from being a number', 'phone,tag\n="79160000001",="vip"'],
    ['phones with brackets and dashes', 'phone,tag\n"+7 (916) 000-00-01",vip'],
    ['phones after an apostrophe', "phone,tag\n'79160000001,vip"],
    ['phones with a fraction', 'phone,tag\n79160000001.0,vip'],
    ['empty lines of separators', 'phone,tag\n,\n79160000001,vip\n,,\n , \n\n'],
    ['separators without columns at the end', 'phone,tag,,\n79160000001,vip,,\n'],
    ['other names', 'Telephone,TAG\n79160000001,vip'],
    ['names in Russian', 'Мобильный телефон;Тег\n79160000001;vip'],
  ])('is read with %s', async (_, file) => {
    expect(await briefly(file)).toEqual([[79_160_000_001, 'vip']])
  })

  it('may have lines without their last fields, which change nothing', async () => {
    const { rows } = await read('phone,tag,timeZone,name\n79160000001,vip\n79160000002\n')
    expect(rows).toMatchObject([{ phone: 79_160_000_001, tag: 'vip' }, { phone: 79_160_000_002 }])
    expect(rows[1]).toMatchObject({ tag: undefined, attributes: undefined, removed: undefined })
  })

  it('takes phones of a country that is given, and refuses those that a spreadsheet has cut by that name', async () => {
    const file = 'phone;tag\n8 916 000-00-01;a\n7,9161E+10;b'
    expect(await briefly(file, { country: 'RU' })).toEqual([
      [79_160_000_001, 'a'],
      [3, expect.stringMatching('scientific notation')],
    ])
  })

  it('recognises who has opted out under many names, in many words, and by a date', async () => {
    const optedOut = async (header: string, value: string) => {
      const [row] = (await read(`phone;${header}\n79160000001;${value}`)).rows
      return row && 'optedOut' in row ? row.optedOut : row
    }
    for (const header of ['opt_out', 'Opted Out', 'unsubscribed', 'optedout', 'do-not-contact', 'Отписан']) {
      for (const value of ['yes', '1', 'TRUE', 'да', '2026-03-01', '01.03.2026'])
        expect([header, value, await optedOut(header, value)]).toEqual([header, value, true])
      expect(await optedOut(header, 'no')).toBe(false)
      expect(await optedOut(header, '')).toBeUndefined()
      expect(await optedOut(header, 'perhaps')).toMatchObject({ error: { field: header } })
    }
    expect(await optedOut('subscribed', 'no')).toBe(true)
    expect(await optedOut('opt-in', 'yes')).toBe(false)
    expect(await optedOut('subscribed', 'unsubscribed')).toBe(true)
  })

  it('is believed by any of several columns that say who has opted out', async () => {
    const { rows } = await read(
      'phone,opt_out,unsubscribed\n79160000001,no,yes\n79160000002,yes,no\n79160000003,no,no',
    )
    expect(rows.map((row) => 'optedOut' in row && row.optedOut)).toEqual([true, true, false])
  })

  it('may have a column of attributes as JSON, which count before those of other columns', async () => {
    const { rows } = await read(
      'phone,name,attributes\n79160000001,,"{""name"":5,""x"":{""y"":[1.50]}}"\n79160000002,Bob,\n79160000003,Bob,x',
    )
    expect(rows.map((row) => ('error' in row ? row.error.field : JSON.stringify(row.attributes)))).toEqual([
      '{"name":5,"x":{"y":[1.50]}}',
      '{"name":"Bob"}',
      'attributes',
    ])
  })

  it('may be named column by column', async () => {
    const columns = new Map([
      ['Number', 'phone'],
      ['Label', 'tag'],
      ['Notes', 'ignored'],
      ['Full name', 'attributes.name'],
    ])
    const file = 'Number,Label,Notes,Full name,city\n79160000001,vip,x,Ann,Omsk'
    const { rows } = await read(file, { columns })
    expect(rows).toMatchObject([
      { phone: 79_160_000_001, tag: 'vip', attributes: { name: 'Ann', city: 'Omsk' } },
    ])
    expect(await refusal('a,b\n1,2', { columns })).toMatch('no column "Number"; one of "a", "b"')
  })

  it('keeps what looks like another phone as an attribute beside the column with that very name', async () => {
    const { rows } = await read('phone,mobile\n79160000001,79160000002')
    expect(rows).toMatchObject([{ phone: 79_160_000_001, attributes: { mobile: '79160000002' } }])
  })

  it.each([
    ['phon,tag\n1,2', 'Did you mean phone by "phon"'],
    ['number,tag\n1,2', 'column=phone:number. The columns are: "number", "tag"'],
    [
      'tel,mobile\n1,2',
      '"tel", "mobile" may be phone; one of them; say which by the parameter column=phone:tel',
    ],
    ['phone,optd_out\n1,yes', 'Did you mean optedOut'],
    ['phone,time_zoen\n1,UTC', 'Did you mean timeZone'],
  ])('with the header of %j is refused with what to do', async (file, expected) => {
    expect(await refusal(file)).toMatch(expected)
  })

  it.each(['', '\n\n', 'phone,tag', 'phone,tag\r\n', 'sep=;\nphone;tag\n', 'phone,tag\n,\n , \n'])(
    'without a line of a client is no success: %j',
    async (file) => expect(await refusal(file)).toMatch('missing_field'),
  )
})

describe('the encoding of a file', () => {
  it.each([
    ['windows-1251', encode(FILE, 'windows-1251')],
    ['koi8-r', encode(FILE, 'koi8-r')],
    ['ibm866', encode(FILE, 'ibm866')],
    ['utf-8', Buffer.from(FILE)],
    ['utf-8', Buffer.from(`\ufeff${FILE}`)],
    ['utf-16le', utf16(FILE, 'le')],
    ['utf-16le', utf16(`\ufeff${FILE}`, 'le')],
    ['utf-16be', utf16(FILE, 'be')],
    ['utf-16be', utf16(`\ufeff${FILE}`, 'be')],
  ])('%s is recognised', async (charset, file) => {
    expect(await read(file)).toMatchObject({ charset })
    expect(await briefly(file)).toEqual(ROWS)
    expect(await briefly(file, { pieces: 10_000 })).toEqual(ROWS)
  })

  it('windows-1252 is recognised by the names of people in western Europe', async () => {
    const names = ['François', 'Hélène', 'André', 'Jürgen', 'Gérard', 'Böhm', 'Chloé', 'Renée']
    const file = `phone,name\n${names.map((name, i) => `7916000000${i},${name}\n`).join('')}`
    expect(await read(encode(file, 'windows-1252'))).toMatchObject({ charset: 'windows-1252' })
    expect((await briefly(encode(file, 'windows-1252'))).map(([, name]) => name)).toEqual(names)
  })

  it('is recognised by letters that come after thousands of lines of ASCII', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `7916000${String(i).padStart(4, '0')},Ann\n`)
    const file = encode(`phone,name\n${lines.join('')}79160009999,Александр\n`, 'windows-1251')
    expect((await briefly(file, { pieces: 1000 })).at(-1)).toEqual([79_160_009_999, 'Александр'])
  })

  it('counts as it is named in a parameter or in the header, unless a byte order mark says otherwise', async () => {
    const latin = encode('phone,name\n79160000001,Łukasz\n', 'windows-1250')
    expect(await briefly(latin, { charset: 'windows-1250' })).toEqual([[79_160_000_001, 'Łukasz']])
    expect(await briefly(latin, { type: 'text/csv; charset="win1250"' })).toEqual([
      [79_160_000_001, 'Łukasz'],
    ])
    expect(await briefly(`\ufeff${FILE}`, { charset: 'windows-1251' })).toEqual(ROWS)
    expect(await refusal(FILE, { charset: 'klingon' })).toMatch('no such encoding')
  })

  it('that is not recognised refuses the file by that reason', async () => {
    const file = encode('phone,name\n79160000001,Łukasz\n79160000002,Żaneta\n', 'windows-1250')
    expect(await refusal(file)).toMatch(/^bad_encoding: The file is not in UTF-8.*charset=windows-1251/)
  })

  it('that some lines do not have costs these lines alone', async () => {
    const file = Buffer.concat([Buffer.from(FILE), Buffer.from([0x37, 0x39, 0x2c, 0xcf, 0x0a])])
    expect(await briefly(file)).toEqual([...ROWS, [4, expect.stringMatching('encoding of the file')]])
  })
})

describe('a file that is no text', () => {
  it.each([
    ['an xlsx', [0x50, 0x4b, 3, 4, 20, 0, 6, 0], 'save it as CSV'],
    ['an xls', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1], 'save it as CSV'],
    ['a PDF', [...Buffer.from('%PDF-1.7')], 'save it as CSV'],
    ['gzip', [0x1f, 0x8b, 8, 0], 'Content-Encoding: gzip'],
    ['HTML', [...Buffer.from('<html><table><tr><td>phone')], 'save it as CSV'],
  ])('%s is refused with what to do, whatever type it comes with', async (_, bytes, expected) => {
    for (const type of ['text/csv', 'application/vnd.ms-excel', 'application/octet-stream'])
      expect(await refusal(Buffer.from(bytes), { type })).toMatch(expected)
    expect(await refusal(form(Buffer.from(bytes)), { type: FORM })).toMatch(expected)
  })

  it('is refused by its type alone where that is one of spreadsheets', async () => {
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    expect(await refusal(FILE, { type })).toMatch('save it as CSV')
    expect(await refusal(form(FILE, type), { type: FORM })).toMatch('save it as CSV')
  })
})

const FORM = 'multipart/form-data; boundary=----x'
const part = (disposition: string, type: string, content: Buffer | string) =>
  Buffer.concat([
    Buffer.from(`------x\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
const form = (content: Buffer | string, type = 'text/csv', before = Buffer.alloc(0)) =>
  Buffer.concat([
    before,
    part('name="file"; filename="clients.csv"', type, content),
    Buffer.from('------x--\r\n'),
  ])

describe('the type of a file', () => {
  it.each([
    'text/csv',
    'text/plain',
    'application/vnd.ms-excel',
    'application/octet-stream',
    'text/plain; charset=utf-8',
  ])('%s is taken', async (type) => expect(await briefly(FILE, { type })).toEqual(ROWS))

  it.each(['text/csv', 'text/plain', 'application/vnd.ms-excel', 'application/octet-stream'])(
    'is taken from a form with a file of %s, in whatever pieces',
    async (type) => {
      for (const pieces of [1, 7, 64, 10_000])
        expect(await briefly(form(FILE, type), { type: FORM, pieces })).toEqual(ROWS)
      expect(await read(form(encode(FILE, 'windows-1251'), type), { type: FORM })).toMatchObject({
        charset: 'windows-1251',
      })
    },
  )

  it('is NDJSON where lines are objects, with phones as numbers and members by other names', async () => {
    const lines = [
      '{"phone":79160000001,"tag":"vip"}',
      '{"tel":79160000002.0,"tz":"UTC","unsubscribed":"yes"}',
      '{"phone":7.9161e10}',
      '{"phone":"8 916 000-00-03","operator_code":916}',
    ]
    for (const type of ['application/x-ndjson', 'text/plain']) {
      const { format, rows } = await read(lines.join('\r\n'), { type, country: 'RU' })
      expect(format).toBe('ndjson')
      expect(rows).toMatchObject([
        { phone: 79_160_000_001, tag: 'vip' },
        { phone: 79_160_000_002, timeZone: 'UTC', optedOut: true },
        { error: { line: 3, message: expect.stringMatching('scientific notation') } },
        { phone: 79_160_000_003, operatorCode: '916' },
      ])
    }
    expect(await refusal('[Sun Dec 04] [notice] workerEnv', { type: 'text/plain' })).toMatch(
      'known to be the phone',
    )
    expect(await refusal('[{"phone":"79160000001"}]', { type: 'application/x-ndjson' })).toMatch(
      'one object on each line',
    )
  })

  it('is refused where it is another one, and where a form has more or less than one file', async () => {
    expect(await refusal(FILE, { type: 'application/json' })).toMatch('unsupported_media_type')
    const field = part('name="timeZone"', 'text/plain', 'UTC')
    expect(await refusal(form(FILE, 'text/csv', field), { type: FORM })).toMatch('parameters of the address')
    const file = part('name="a"; filename="a.csv"', 'text/csv', FILE)
    expect(await refusal(form(FILE, 'text/csv', file), { type: FORM })).toMatch('one file for each import')
    expect(await refusal('------x--\r\n', { type: FORM })).toMatch('no file')
    for (const bytes of [0, 30, 150]) {
      expect(await refusal(form(FILE).subarray(0, bytes), { type: FORM })).toMatch(/malformed|no file/)
    }
    expect(await refusal(form(FILE), { type: 'multipart/form-data' })).toMatch('malformed')
  })
})
