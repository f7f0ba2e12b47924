import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'rolldown'

/** What most licences ask to be passed on with every copy. */
const NOTICE = /^(licen[cs]e|notice|copying)/i

/** Writes the licences of all packages that a bundle has parts of to `LICENCES.txt` beside it. */
export function keepLicences(): Plugin {
  return {
    name: 'keep-licences',
    generateBundle() {
      const packages = new Map<string, string>()
      for (const id of this.getModuleIds()) {
        const folder = packageFolder(id)
        if (folder !== undefined && !packages.has(folder)) packages.set(folder, describePackage(folder))
      }
      const source = [...packages.values()].sort().join('\n')
      this.emitFile({ type: 'asset', fileName: 'LICENCES.txt', source })
    },
  }
}

/** @returns the package of node_modules that a module belongs to; undefined for our own and those of the bundler */
function packageFolder(id: string): string | undefined {
  if (!id.includes('/node_modules/')) return undefined
  for (let folder = dirname(id); !folder.endsWith('/node_modules'); folder = dirname(folder)) {
    // Some folders within a package have a package.json that says how their modules are read, and no more.
    if (existsSync(join(folder, 'package.json')) && readPackage(folder).name) return folder
  }
  return undefined
}

function readPackage(folder: string): { name?: string; version?: string; license?: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object
}

function describePackage(folder: string): string {
  const { name, version, license } = readPackage(folder)
  const texts = readdirSync(folder)
    .filter((file) => NOTICE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`
}
