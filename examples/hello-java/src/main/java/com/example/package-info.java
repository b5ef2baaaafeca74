/** An example. */
package com.example;
