import { describe, expect, it } from '@jest/globals'
import { runIf } from '@runnel/testing'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from '../src/command-error.ts'
import { openSource } from '../src/sources/open-source.ts'
import type { SourceEntry } from '../src/sources/source-entry.ts'
import { MAX_ENTRY_BYTES } from '../src/sources/source-entry.ts'
import { dataSamples, NO_DATA, ownSamples } from './data-samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

async function entriesOf(path: string): Promise<SourceEntry[]> {
  return Array.fromAsync((await openSource(path)).entries())
}

function itemsOf(entries: readonly SourceEntry[]) {
  return entries.map((entry) => ('item' in entry ? entry.item : undefined))
}

async function messagesOf(content: string | Uint8Array) {
  await using folder = await temporaryFolder()
  return itemsOf(await entriesOf(await folder.write('a.log', content))).map((item) => item?.['message'])
}

describe('log files', () => {
  it('end lines with LF or CR LF and keep every other byte, stray CRs included', async () => {
    expect(await messagesOf('a\r\nb\nc\rd\ne\r\r\n f \t\n')).toEqual(['a', 'b', 'c\rd', 'e\r', ' f \t'])
  })

  it('keep empty lines, and a last line without a line end', async () => {
    expect(await messagesOf('a\n\n\r\nb')).toEqual(['a', '', '', 'b'])
    expect(await messagesOf('a\nb\r')).toEqual(['a', 'b\r'])
    expect(await messagesOf('')).toEqual([])
  })

  it('keep a byte order mark and characters that are split between two reads', async () => {
    const wide = 'ü🍮'.repeat(40_000)
    expect(await messagesOf(`\ufeff${wide}\nx`)).toEqual([
      `\ufeff${wide}`.length * 2 > MAX_ENTRY_BYTES ? undefined : `\ufeff${wide}`,
      'x',
    ])
    const fitting = `a${'ü🍮'.repeat(20_000)}`
    expect(await messagesOf(`${fitting}\r\nx`)).toEqual([fitting, 'x'])
  })

  it('have a line refused, by its number, that is too long, no UTF-8 or holds NUL; its neighbours are read', async () => {
    await using folder = await temporaryFolder()
    const long = Buffer.alloc(MAX_ENTRY_BYTES + 1, 'x')
    const content = Buffer.concat([
      Buffer.from('a\n'),
      long,
      Buffer.from('\nb\n'),
      Buffer.from([0x66, 0xff, 0x0a]),
      Buffer.from('n\0\nc'),
    ])
    const entries = await entriesOf(await folder.write('a.log', content))
    expect(itemsOf(entries).map((item) => item?.['message'])).toEqual([
      'a',
      undefined,
      'b',
      undefined,
      undefined,
      'c',
    ])
    expect(entries.filter((entry) => 'refusal' in entry)).toMatchObject([
      { position: 2, refusal: { code: 'body_too_large' } },
      { position: 4, refusal: { code: 'bad_encoding' } },
      { position: 5, refusal: { code: 'nul_character' } },
    ])
  })

  it('have a line of exactly the largest size accepted with either line end', async () => {
    const line = 'x'.repeat(MAX_ENTRY_BYTES)
    expect(await messagesOf(`${line}\r\n${line}\n${line}`)).toEqual([line, line, line])
  })
})

describe('CSV files', () => {
  it('become metrics named after the file, with the timestamp as it is written and the nearest double', async () => {
    await using folder = await temporaryFolder()
    const path = await folder.write(
      'cpu.csv',
      'timestamp,value\r\n2014-02-14 14:30:00,13.334000000000001\r\n2014-02-14 14:35:00,-0.132\n',
    )
    expect(itemsOf(await entriesOf(path))).toMatchObject([
      { data: { name: 'cpu', value: 13.334000000000001, timestamp: '2014-02-14 14:30:00' } },
      { data: { name: 'cpu', value: -0.132, timestamp: '2014-02-14 14:35:00' } },
    ])
  })

  it('have rows refused, by their line, whose value or time is not valid', async () => {
    await using folder = await temporaryFolder()
    const rows = [
      'timestamp,value',
      '2014-02-14 14:30:00,',
      'yesterday,1',
      '2014-02-14 14:30:00,1,2',
      '2014-02-14 14:30:00,1e400',
      '2014-02-14 14:30:00,7',
    ]
    const entries = await entriesOf(await folder.write('cpu.csv', rows.join('\n')))
    expect(
      entries.map((entry) => ('refusal' in entry ? [entry.position, entry.refusal.code] : entry.position)),
    ).toEqual([
      [2, 'invalid_field'],
      [3, 'invalid_field'],
      [4, 'invalid_field'],
      [5, 'number_out_of_range'],
      6,
    ])
  })

  it('are refused as a whole without the expected header', async () => {
    await using folder = await temporaryFolder()
    const path = await folder.write('cpu.csv', 'time;value\n1;2\n')
    await expect(entriesOf(path)).rejects.toThrow(CommandError)
  })
})

describe('product files', () => {
  it('keep every member and add the name and the manufacturer', async () => {
    await using folder = await temporaryFolder()
    const path = await folder.write(
      'p.json',
      '[{"id":1,"title":"pen","price":1.5,"brand":"bic","deep":{"a":[null]}},{"title":"x","name":"y","price":2}]',
    )
    expect(itemsOf(await entriesOf(path))).toMatchObject([
      {
        id: 1,
        title: 'pen',
        price: 1.5,
        brand: 'bic',
        deep: { a: [null] },
        name: 'pen',
        manufacturer: 'bic',
      },
      { title: 'x', name: 'y', price: 2 },
    ])
  })

  it('have elements refused that are no products', async () => {
    await using folder = await temporaryFolder()
    const path = await folder.write(
      'p.json',
      '[7,{"title":"no price"},{"name":"own","price":1,"eventId":"mine"}]',
    )
    expect((await entriesOf(path)).map((entry) => 'refusal' in entry && entry.refusal.code)).toEqual([
      'invalid_field',
      'missing_field',
      'invalid_field',
    ])
  })

  it.each(['{"a":1}', '[1', '[{"id":1e401}]'])('are refused as a whole: %s', async (content) => {
    await using folder = await temporaryFolder()
    await expect(entriesOf(await folder.write('p.json', content))).rejects.toThrow(CommandError)
  })
})

describe('keys', () => {
  it('are the same for the same file, and others for another name, content, line or salt', async () => {
    await using folder = await temporaryFolder()
    await using other = await temporaryFolder()
    const first = await openSource(await folder.write('a.log', 'x\nx\n'))
    const same = await openSource(await other.write('a.log', 'x\nx\n'))
    const renamed = await openSource(await folder.write('b.log', 'x\nx\n'))
    const longer = await openSource(await other.write('a.log', 'x\nx\nx\n'))
    const salted = await openSource(folder.path('a.log'), { salt: 's' })
    expect(same.file.eventId(1)).toBe(first.file.eventId(1))
    const keys = [
      first.file.eventId(1),
      first.file.eventId(2),
      ...[renamed, longer, salted].map(({ file }) => file.eventId(1)),
    ]
    expect(new Set(keys).size).toBe(5)
  })
})

describe('the samples of the project', () => {
  it('are valid in every entry and cover what real files bring', async () => {
    for (const name of ['sample.log', 'room-temperature.csv', 'products.json']) {
      const entries = await entriesOf(join(ownSamples, name))
      expect(entries.length).toBeGreaterThan(9)
      expect(entries.filter((entry) => 'refusal' in entry)).toEqual([])
    }
    expect(await readFile(join(ownSamples, 'sample.log'), 'latin1')).toMatch(/\r\n.*\r[^\n]/s)
  })
})

const withData = runIf(dataSamples !== undefined, describe, NO_DATA)
withData('real files (RUNNEL_DATA_SAMPLES, or shared/data beside the project)', () => {
  it.each(['Apache_2k.log', 'HDFS_2k.log', 'OpenStack_2k.log'])(
    '%s: every line, byte by byte, all recognised',
    async (name) => {
      const path = join(dataSamples!, name)
      const items = itemsOf(await entriesOf(path))
      const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.replace(/\r$/, ''))
      if (lines.at(-1) === '') lines.pop()
      expect(items.map((item) => item?.['message'])).toEqual(lines)
      expect(items.every((item) => item?.['timestamp'] !== undefined && item['level'] !== undefined)).toBe(
        true,
      )
    },
  )

  it('products.json: all 194, each with everything that the source has', async () => {
    const path = join(dataSamples!, 'products.json')
    const source = JSON.parse(await readFile(path, 'utf8')) as object[]
    const items = itemsOf(await entriesOf(path))
    expect(items).toHaveLength(194)
    source.forEach((product, index) => expect(items[index]).toMatchObject(product))
  })
})
