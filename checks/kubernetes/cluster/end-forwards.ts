import { afterAll } from 'vitest';
import { endForwards } from './cluster-under-test.ts';

afterAll(endForwards);
