import { expect, test } from '@jest/globals'
import { APP_NAMES, APPS } from '@runnel/contracts/apps'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

test('every folder of apps/ is described in libs/contracts/src/apps.ts, and has a port of its own', () => {
  const folders = globSync('apps/*', { cwd: ROOT }).map((folder) => basename(folder))
  expect([...APP_NAMES].sort()).toEqual(folders.sort())
  expect(new Set(APP_NAMES.map((app) => APPS[app].port)).size).toBe(APP_NAMES.length)
})

test('the table of apps in README.md says what libs/contracts/src/apps.ts says', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const rows = readme.matchAll(/^\| \[([\w-]+)\]\(apps\/([\w-]+)\) *\| (.*?) *\| (\d+) *\|$/gm)
  expect([...rows].map(([, ...cells]) => cells)).toEqual(
    APP_NAMES.map((app) => [app, app, APPS[app].summary, String(APPS[app].port)]),
  )
})
