import { expect, test } from '@jest/globals'
import { keepSearch, readSearches, writeSearches } from './searches.ts'

const storage = (text: string | null) => {
  const kept = { text }
  return { kept, getItem: () => kept.text, setItem: (_: string, value: string) => void (kept.text = value) }
}

test('searches come back the newest first, each once, the oldest left out', () => {
  const browser = storage(null)
  for (let i = 0; i < 12; i++) writeSearches(browser, keepSearch(readSearches(browser), 'recent', `a:${i}`))
  writeSearches(browser, keepSearch(readSearches(browser), 'recent', 'a:5'))
  const { recent, saved } = readSearches(browser)
  expect(recent).toEqual(['a:5', ...[11, 10, 9, 8, 7, 6, 4, 3, 2].map((i) => `a:${i}`)])
  expect(saved).toEqual([])
})

test.each(['{', '[]', 'null', '{"saved":5,"recent":[1,"x"]}'])('%s in the storage does no harm', (text) => {
  expect(readSearches(storage(text)).saved).toEqual([])
})

test('a storage that is full does no harm', () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new Error('full')
    },
  }
  expect(() => writeSearches(full, { saved: [], recent: [] })).not.toThrow()
})
