/** Runs tasks in the order they came, at most `size` at once; each fails alone. */
export interface Pool {
  run<T>(task: () => Promise<T>): Promise<T>
}

export function boundedPool(size: number): Pool {
  const waiting: (() => void)[] = []
  let free = size
  return {
    async run(task) {
      if (free > 0) free -= 1
      else await new Promise<void>((start) => waiting.push(start))
      try {
        return await task()
      } finally {
        // The place is handed on rather than given back, so that nobody slips in between.
        const next = waiting.shift()
        if (next) next()
        else free += 1
      }
    },
  }
}
