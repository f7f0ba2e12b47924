import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Not among the packages that every clone installs: buf alone has 60 MB, and the descriptions change once a year. */
const PACKAGES = ['@bufbuild/buf@1.75.0', '@bufbuild/protoc-gen-es@2.17.0', '@bufbuild/protobuf@2.17.0']

execFileSync('npx', ['--yes', ...PACKAGES.flatMap((name) => ['--package', name]), 'buf', 'generate'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
})

// It reads what was just made.
const { writeReaders } = await import('./write-readers.ts')
writeFileSync(new URL('generated/opentelemetry/readers.ts', import.meta.url), writeReaders())
