import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findAppProjects } from '../src/image/find-app-projects.ts'
import { selectSources } from '../src/image/select-sources.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runnel-workspace-'))
  writeFileSync(join(root, 'package-lock.json'), '{}')
  project('', {
    name: 'all',
    workspaces: ['apps/*', 'libs/*', 'libs/nested/*', 'tools/*'],
    devDependencies: { jest: '1' },
    overrides: { x: '1' },
  })
  project('apps/one', { name: '@r/one', dependencies: { '@r/a': '*', fastify: '5' } })
  project('apps/two', { name: '@r/two', dependencies: { '@r/b': '*' } })
  project('libs/a', { name: '@r/a', dependencies: { '@r/c': '*' }, devDependencies: { '@r/testing': '*' } })
  project('libs/b', { name: '@r/b', dependencies: { '@r/console': '*' } })
  // A circle ends as well.
  project('libs/nested/c', { name: '@r/c', dependencies: { '@r/a': '*' } })
  project('libs/console', { name: '@r/console', devDependencies: { vite: '8' } })
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

const USED = ['apps/one', 'apps/two', 'libs/a', 'libs/b', 'libs/console', 'libs/nested/c']

test('apps need the libraries that they depend on, however far, and not those of their tests', () => {
  expect(findAppProjects(root).map(({ folder }) => folder)).toEqual(USED)
})

test('manifests name what is installed, without devDependencies', () => {
  selectSources(root, join(root, 'out'))
  expect(read('manifests/package.json')).toEqual({
    private: true,
    name: 'all',
    version: '1.0.0',
    overrides: { x: '1' },
    workspaces: [...USED, 'tools/images'],
  })
  const a = { name: '@r/a', version: '1.0.0', dependencies: { '@r/c': '*' } }
  expect([read('manifests/libs/a/package.json'), read('sources/libs/a/package.json')]).toEqual([a, a])
  expect(read('manifests/package-lock.json')).toEqual({})
})

test('sources are those of the apps, their libraries and what bundles them', () => {
  selectSources(root, join(root, 'out'))
  const has = (folder: string) => existsSync(join(root, 'out/sources', folder, 'code.ts'))
  expect([...USED, 'tools/images'].every(has)).toBe(true)
  expect(['libs/testing', ''].some(has)).toBe(false)
})

test('the console keeps what builds it', () => {
  selectSources(root, join(root, 'out'))
  const manifest = { name: '@r/console', version: '1.0.0', devDependencies: { vite: '8' } }
  const copies = [read('manifests/libs/console/package.json'), read('sources/libs/console/package.json')]
  expect(copies).toEqual([manifest, manifest])
})
