// Proves that sync keeps its promises on hundreds of random networks, with everything going wrong at
// random; that they met the trouble they are for, and depend on nothing but their number. Part 4 of 4.
import { testSeeds } from "./random-seeds.ts";

testSeeds(3);
