import { Skeleton, Stack } from '@mantine/core';

/** Stands where rows are about to come, so that nothing jumps. */
export const Rows = () => (
  <Stack gap="sm" aria-busy="true" role="status" aria-label="Loading">
    <Skeleton height={40} />
    <Skeleton height={40} />
    <Skeleton height={40} />
  </Stack>
);
