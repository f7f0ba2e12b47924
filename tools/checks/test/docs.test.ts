import { expect, test } from '@jest/globals'
import { workspaceRoot } from '@runnel/testing'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const SOURCES = globSync('{apps,libs,tools}/**/*.{ts,tsx,js}', {
  cwd: workspaceRoot,
  exclude: (name) => /(^|\/)(node_modules|dist)$/.test(name),
})
const PAGES = globSync(['*.md', 'docs/**/*.md', '{apps,libs,tools}/*/*.md'], { cwd: workspaceRoot }).sort()

const read = (page: string): string => readFileSync(join(workspaceRoot, page), 'utf8')

test('every relative link of a page leads to a file', () => {
  expect(PAGES.length).toBeGreaterThan(40)
  const broken = PAGES.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !existsSync(join(workspaceRoot, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  )
  expect(broken).toEqual([])
})

test('every file that the glossary names is in its project', () => {
  const named = [...read('docs/GLOSSARY.md').matchAll(/\| ([\w-]+): ([\w.-]+\.tsx?)\s*\|/g)]
  expect(named.length).toBeGreaterThan(50)
  const missing = named
    .filter(
      ([, project, file]) =>
        !SOURCES.some((path) => path.includes(`/${project}/`) && basename(path) === file),
    )
    .map(([, project, file]) => `${project}: ${file}`)
  expect(missing).toEqual([])
})

test('every file that the walks name is in the repository', () => {
  const names = new Set(SOURCES.map((source) => basename(source)))
  const named = [...read('docs/EXTENDING.md').matchAll(/(?<![\w<>.-])[a-z0-9][\w-]*(?:\.test)?\.tsx?\b/g)]
  expect(named.length).toBeGreaterThan(20)
  expect(named.map(([name]) => name).filter((name) => !names.has(name))).toEqual([])
})
