// The few things that script adds. Every page works without it.
"use strict";
