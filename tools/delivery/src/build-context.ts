import dockerignore from '@balena/dockerignore'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The files that .dockerignore lets into a build, relative to the root.
 *
 * @param root folder of the workspace
 */
export function listContext(root: string): string[] {
  const patterns = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
  const rules = dockerignore.default().add(patterns)
  const kept = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  const files: string[] = []
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (!entry.isDirectory()) {
        if (!rules.ignores(path)) files.push(path)
        continue
      }
      // Into an ignored folder only on the way to something that is kept.
      if (!rules.ignores(path) || kept.some((pattern) => pattern.startsWith(`${path}/`))) visit(path)
    }
  }
  visit('')
  return files
}

/** Copies the context, or one file or folder of it, as COPY does. @throws Error when nothing of it is let in */
export function copyContext(root: string, source: string, target: string): void {
  const name = join(source)
  const files = listContext(root).filter((file) => name === './' || name === '.' || isWithin(name, file))
  if (files.length === 0) throw new Error(`.dockerignore lets nothing of ${source} into the build`)
  for (const file of files) cpSync(join(root, file), file === name ? target : join(target, file))
}

function isWithin(name: string, file: string): boolean {
  return file === name || file.startsWith(`${name}/`)
}
