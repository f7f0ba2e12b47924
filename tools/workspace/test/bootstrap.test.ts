import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { findStaleness } from '../bin/bootstrap.js'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runnel-bootstrap-'))
  mkdirSync(join(root, 'node_modules'))
  write('package-lock.json', { 'libs/x': {}, 'node_modules/a': { version: '1.0.0' } })
})

afterEach(() => rmSync(root, { recursive: true }))

function write(file: string, packages: object): void {
  writeFileSync(join(root, file), JSON.stringify({ packages }))
}

test('packages that were never installed are stale', () => {
  expect(findStaleness(root)).toBe('nothing is installed yet')
})

test('packages as in the lock file are not stale', () => {
  write('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } })
  expect(findStaleness(root)).toBeUndefined()
})

test('another version and a missing package are stale', () => {
  write('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.1' } })
  expect(findStaleness(root)).toBe('node_modules/a is 1.0.1 instead of 1.0.0')
  write('node_modules/.package-lock.json', {})
  expect(findStaleness(root)).toBe('node_modules/a is not installed')
})

test('a package for another system may be missing', () => {
  write('package-lock.json', { 'node_modules/a': { version: '1.0.0', optional: true } })
  write('node_modules/.package-lock.json', {})
  expect(findStaleness(root)).toBeUndefined()
})

test('the lock file that was installed last is not stale, whatever else npm wrote down', () => {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  write('node_modules/.package-lock.json', {})
  writeFileSync(join(root, 'node_modules/.runnel-lock-hash'), hash)
  expect(findStaleness(root)).toBeUndefined()
  write('package-lock.json', { 'node_modules/a': { version: '1.0.2' } })
  expect(findStaleness(root)).toBe('node_modules/a is not installed')
})
