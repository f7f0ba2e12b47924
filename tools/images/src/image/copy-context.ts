import dockerignore from '@balena/dockerignore'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

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

/**
 * Copies a file, or what is in a folder, as COPY does.
 *
 * @param source relative to the root
 * @throws Error when nothing of it is let in
 */
export function copyContext(root: string, source: string, target: string): void {
  const files = listContext(root).filter((file) => !relative(source, file).startsWith('..'))
  if (files.length === 0) throw new Error(`.dockerignore lets nothing of ${source} into the build`)
  // A path relative to itself is empty, and the target is the file.
  for (const file of files) cpSync(join(root, file), join(target, relative(source, file)))
}
