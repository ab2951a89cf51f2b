/** Tells a person how far an export is; nobody where standard error is no terminal. */
export interface Progress {
  /** Replaces what it said before. */
  tell(text: string): void
  /** Leaves what it said last, and begins a line. */
  end(): void
}

export function progressOn(terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): Progress {
  let said = ''
  return {
    tell(text) {
      if (!terminal.isTTY || text === said) return
      terminal.write(`\r${text.padEnd(said.length)}`)
      said = text
    },
    end() {
      if (said !== '') terminal.write('\n')
      said = ''
    },
  }
}

/** Bytes as people read them. */
export function printBytes(bytes: number): string {
  const [unit, divisor] = bytes < 1_000_000 ? ['kB', 1_000] : bytes < 1_000_000_000 ? ['MB', 1e6] : ['GB', 1e9]
  return `${(bytes / divisor).toFixed(1)} ${unit}`
}
