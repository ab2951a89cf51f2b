/// <reference types="vite/client" />

/** One example operation of `schema/operations`. */
export interface Operation {
  /** Its first comment line. */
  readonly title: string
  readonly text: string
}

const files = import.meta.glob<string>('../../schema/operations/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The example operations in order of file names; the first is what a newcomer sees. */
export const operations: readonly Operation[] = Object.keys(files)
  .sort()
  .map((file) => ({ title: files[file]!.split('\n', 1)[0]!.replace(/^#\s*/, ''), text: files[file]! }))
