import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium, findChromium } from '../src/index.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'runnel-chromium-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function writeProgram(name: string): string {
  const file = join(folder, name)
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, 0o755)
  return file
}

test('the browser on PATH is found, and the one without windows before the full one', () => {
  writeProgram('chromium')
  const file = writeProgram('chromium-headless-shell')
  expect(findChromium({ PATH: folder })).toBe(file)
})

test('CHROMIUM_PATH goes before PATH', () => {
  writeProgram('chromium')
  const file = writeProgram('mine')
  expect(findChromium({ PATH: folder, CHROMIUM_PATH: file })).toBe(file)
})

test('a CHROMIUM_PATH that is not a program is an error, and nothing is installed for it', async () => {
  const env = { PATH: folder, CHROMIUM_PATH: join(folder, 'nothing') }
  const lines: string[] = []
  expect(() => findChromium(env)).toThrow('CHROMIUM_PATH is set')
  await expect(ensureChromium(env, (line) => lines.push(line))).rejects.toThrow('CHROMIUM_PATH is set')
  expect(lines).toEqual([])
})
