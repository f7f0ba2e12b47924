import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findAppClosure, selectApp } from '../src/index.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runnel-workspace-'))
  writeFileSync(join(root, 'package-lock.json'), '{}')
  project('', { name: 'all', devDependencies: { jest: '1' }, overrides: { x: '1' } })
  project('apps/one', { name: '@r/one', dependencies: { '@r/a': '*', fastify: '5' } })
  project('apps/two', { name: '@r/two', dependencies: { '@r/c': '*' } })
  project('libs/a', { name: '@r/a', dependencies: { '@r/b': '*' }, devDependencies: { '@r/testing': '*' } })
  // A circle ends as well.
  project('libs/b', { name: '@r/b', dependencies: { '@r/a': '*' } })
  project('libs/c', { name: '@r/c' })
  project('libs/testing', { name: '@r/testing' })
  project('tools/images', {
    name: '@r/images',
    dependencies: { rolldown: '1' },
    devDependencies: { '@r/testing': '*' },
  })
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function project(folder: string, manifest: object): void {
  mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify({ version: '1.0.0', ...manifest }))
  writeFileSync(join(root, folder, 'code.ts'), '')
}

const read = (file: string) => JSON.parse(readFileSync(join(root, 'out', file), 'utf8')) as object

test('an app needs the libraries that it depends on, however far, and not those of its tests', () => {
  const folders = findAppClosure(root, 'one').map(({ folder }) => folder)
  expect(folders).toEqual(['apps/one', 'libs/a', 'libs/b'])
})

test('manifests name what is installed, without devDependencies', () => {
  selectApp(root, 'one', join(root, 'out'))
  expect(read('manifests/package.json')).toEqual({
    private: true,
    name: 'all',
    version: '1.0.0',
    overrides: { x: '1' },
    workspaces: ['apps/one', 'libs/a', 'libs/b', 'tools/images'],
  })
  const a = { name: '@r/a', version: '1.0.0', dependencies: { '@r/b': '*' } }
  expect([read('manifests/libs/a/package.json'), read('sources/libs/a/package.json')]).toEqual([a, a])
  expect(read('manifests/package-lock.json')).toEqual({})
})

test('sources are those of the app, its libraries and what bundles them', () => {
  selectApp(root, 'one', join(root, 'out'))
  const has = (folder: string) => existsSync(join(root, 'out/sources', folder, 'code.ts'))
  expect(['apps/one', 'libs/a', 'libs/b', 'tools/images'].every(has)).toBe(true)
  expect(['apps/two', 'libs/c', 'libs/testing', ''].some(has)).toBe(false)
})

test('the console brings what builds it', () => {
  const console = { name: '@r/console', version: '1.0.0', devDependencies: { vite: '8' } }
  project('libs/console', console)
  project('apps/three', { name: '@r/three', dependencies: { '@r/console': '*' } })
  selectApp(root, 'three', join(root, 'out'))
  expect([read('manifests/libs/console/package.json'), read('sources/libs/console/package.json')]).toEqual([
    console,
    console,
  ])
})

test('an app that is not there is named', () => {
  expect(() => findAppClosure(root, 'four')).toThrow('no app "four"')
  expect(() => findAppClosure(root, '')).toThrow('no app ""')
})
