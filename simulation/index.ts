export { Draws } from './chance.ts';
